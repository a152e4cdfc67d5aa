extension MethodDescription {
  static let stats = MethodDescription(
    "Counters since the start; cheap, and answered before everything that waits.",
    result: .open(requests + memory + index + work + others))

  private static let requests: [Property] = [
    .needed("uptime_ms", .count), .needed("requests", .count, "lines that were read"),
    .needed("errors", .count, "answers that were errors"), .needed("vectors_searched", .count),
    .needed("bytes_in", .count), .needed("bytes_out", .count),
    .needed("unanswered", .count, "requests without an answer, this one left out"),
    .needed("in_progress", .count, "those of them that are worked on"), .needed("edits_waiting", .count),
  ]

  private static let memory: [Property] = [
    .needed("resident_bytes", .count, "memory that is not swapped out, mapped files included"),
    .needed("anonymous_bytes", .count, "memory that belongs to the process alone"),
    .needed("peak_bytes", .count, "the most that was resident"), .needed("open_files", .count),
  ]

  private static let index: [Property] = [
    .needed("rows", .count), .needed("live", .count), .needed("linked", .count, "rows that the graph has"),
    .needed("unlinked", .count, "rows that are compared one by one"),
    .needed("snapshot", .count, "the index's snapshot in use; 0 for none"), .needed("threads", .count),
  ]

  private static let work: [Property] = [
    .needed(
      "plans", .open(["exact", "scan", "walk", "filtered_walk"].map { .needed($0, .count) }),
      "vectors searched, by how that was done"),
    .needed("edits", .count, "edits that are durable"), .needed("commits", .count),
    .needed("commit_size", distribution(.count), "edits that shared a commit"),
    .needed(
      "methods",
      .map(
        .open([
          .needed("requests", .count), .needed("errors", .count),
          .needed("latency_us", distribution(.number), "microseconds from receipt until the answer is ready"),
        ])),
      "by name, those that were asked"),
    .needed("error_kinds", .map(.count), "errors by kind, those that there were"),
  ]

  private static let others: [Property] = [
    .needed("log_lines", .count), .needed("log_dropped", .count, "lines of log that nobody took"),
    .needed("metrics_failures", .count, "times that the file of metrics could not be written"),
    .needed("blas", .text), .needed("sqlite", .text), .needed("instruction_set", .text),
  ]

  /// What is shown of a distribution.
  private static func distribution(_ value: Schema) -> Schema {
    .open(["p50", "p90", "p99", "p99_9", "max"].map { .needed($0, value) })
  }
}
