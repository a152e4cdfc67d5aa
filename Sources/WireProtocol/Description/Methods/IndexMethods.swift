extension MethodDescription {
  private static let effort: [Property] = [
    .maybe("threads", .integer(1...1024), "how many threads may work"),
    .maybe("memory_bytes", .integer(1 << 20...Int(RequestID.greatestInteger)), "memory that may be taken"),
    .maybe("progress_token", .requestID.orNull, "asks for notifications of progress under this name"),
  ]

  static let indexBuild = MethodDescription(
    "Makes a new snapshot of the index and puts it in force.", effort,
    result: .open([
      .needed("snapshot", .count, "its number"), .needed("seq", .sequence), .needed("rows", .count),
      .needed("bytes", .count), .needed("seconds", .number),
    ]))

  static let indexCompact = MethodDescription(
    "Takes the rows of removed items from the disk.", effort,
    result: .open([
      .needed("rows", .count), .needed("rows_removed", .count), .needed("bytes_reclaimed", .count),
      .needed("log_emptied", .bool, "whether nothing of removed rows is left in the record's log"),
      .needed("seq", .sequence), .maybe("snapshot", .count, "that was built for the new rows"),
    ]))
}
