extension MethodDescription {
  static func hello(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "What the engine is and may be asked; without effect.",
      [.maybe("client", .text, "who asks"), .maybe("protocol", .text, "the version that the caller knows")],
      result: .open([
        .needed("name", .text), .needed("version", .text), .needed("protocol", .text),
        .needed("methods", .list(.constants(Method.allCases.map(\.rawValue)))), .needed("catalogue", .text),
        .needed("model", .text.orNull), .needed("metric", .constants(["cosine", "ip", "l2"])),
        .needed("dimension", .integer(1...limits.dimension)), .needed("storage", .text), .needed("count", .count),
        .needed("seq", .sequence), .needed("read_only", .bool),
        .needed("limits", .open(limits.entries.map { .needed("\($0.name)", .count) })),
      ]))
  }

  static let health = MethodDescription(
    "Whether the engine works as it should, and if not, why.",
    result: .open([
      .needed("state", .constants(["ok", "degraded"])), .needed("reasons", .list(.text)), .needed("seq", .sequence),
      .needed("uncovered_rows", .count, "rows that came since the snapshot in use"),
      .needed("removed_rows", .count), .needed("reclaimable_bytes", .count), .needed("wal_bytes", .count),
      .needed(
        "writer",
        .either(
          .constants(["unknown"]), .open([.needed("pid", .count.orNull), .maybe("since", .text)]), Schema(.null)),
        "the process that holds the catalogue's lock"),
      .needed("blas", .text), .needed("sqlite", .text), .maybe("sqlite_note", .text),
      .needed("instruction_set", .text),
    ]))

  static let sync = MethodDescription(
    "A barrier: answered once everything that was sent before is finished and durable.",
    result: .open([.needed("seq", .sequence)]))

  static func cancel(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "Requests that nobody wants any more; each still gets its one answer.",
      [
        .maybe("ids", .list(.requestID, 0...limits.keys), "those of these ids"),
        .maybe("all", Schema(.yes), "or all that are in progress"),
      ],
      oneOf: [["ids"], ["all"]],
      result: .open([
        .needed("cancelled", .count, "how many were told to end"),
        .needed("not_in_progress", .list(.requestID), "ids that name none"),
      ]))
  }

  static let shutdown = MethodDescription(
    "The end: answered once everything that was sent before is finished; the engine then exits with code 0.",
    result: .open([]))

  static let discover = MethodDescription("This document.", result: .anyObject)
}
