extension MethodDescription {
  /// What both methods take.
  private static let common: [Property] = [
    .maybe("vector", .reference("vector"), "what is searched for: one vector"),
    .maybe("vectors", .reference("vectors"), "or several"),
    .maybe("key", .text, "or that of a stored item, which is left out of the answer"),
    .maybe("filter", .filterParameter, "which items may be answered"),
    .maybe("group_by", .constants(["work"]), "gather hits by work"),
    .maybe("group_size", .integer(1...100), "hits shown of each work", default: "3"),
    .maybe("with_attributes", .bool, "hits show what is known about them", default: "false"),
    .maybe("with_vectors", .vectorFormat, "hits show the stored vector", default: "false"),
    .maybe("min_seq", .count, "the revision that must be visible"),
    .deadline,
    .maybe("model", .text, "the embedding model that the catalogue must be of"),
    .maybe("use", .reference("use"), "hits say whether this use is permitted"),
  ]

  private static let sources = [["vector"], ["vectors"], ["key"]]

  static func search(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "The k nearest items, or works, to each vector.",
      common + [
        .maybe("k", .integer(1...limits.k), "how many; times vectors at most \(limits.hits)", default: "10"),
        .maybe("score_threshold", .number, "the least score of a hit"),
        .maybe("exact", .bool, "look at every row", default: "false"),
        .maybe("beam_width", .integer(1...limits.k), "candidates that a walk keeps"),
        .maybe("target_recall", .number(above: 0, upTo: 1), "the share of true neighbours to find", default: "0.99"),
      ],
      oneOf: sources, result: .open(answer))
  }

  static func match(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "Everything at or above a score.",
      common + [
        .needed("score_threshold", .number, "the least score of a match"),
        .maybe("limit", .integer(1...limits.hits), "matches in one answer", default: "10000"),
        .maybe("cursor", .text, "where an earlier answer stopped"),
      ],
      oneOf: sources,
      result: .open(
        answer + [
          .needed("complete", .bool, "whether every match is in the answer"),
          .maybe("cursor", .text, "where to go on otherwise"),
        ]))
  }

  private static let answer: [Property] = [
    .needed(
      "results",
      .list(
        .open([
          .maybe("hits", .list(.reference("hit"))), .maybe("groups", .list(.reference("group"))),
          .maybe("searched", Schema(.no), "the time was over before this vector was searched"),
        ]).oneOf(["hits"], ["groups"])),
      "one entry for each vector, in order"),
    .needed("seq", .sequence, "the revision that was searched"),
    .needed("exact", .bool, "whether every row was looked at"),
    .maybe("plan", .constants(["exact", "scan", "walk", "filtered_walk"]), "how the search was done"),
    .maybe("partial", Schema(.yes), "the deadline cut the search short"),
    .maybe("degraded", Schema(.yes), "the engine works without a part of its files"),
  ]
}
