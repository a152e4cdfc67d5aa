extension MethodDescription {
  static func itemsGet(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "Items by key, in the order of the keys.",
      [
        .needed("keys", .list(.text, 0...limits.keys), "absent ones are left out and counted"),
        .maybe("with_attributes", .bool, "items show what is known about them", default: "true"),
        .maybe("with_vectors", .vectorFormat, "items show the stored vector", default: "false"),
      ],
      result: .open([
        .needed("items", .list(.reference("item"))), .needed("missing", .count), .needed("seq", .sequence),
      ]))
  }

  static let itemsCount = MethodDescription(
    "How many items there are, or meet a filter.", [.maybe("filter", .filterParameter)],
    result: .open([.needed("count", .count), .needed("seq", .sequence)]))

  static func itemsUpsert(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "Stores items, in place of those with the same keys.",
      [
        .needed("items", .list(.reference("item_edit"), 0...limits.vectors)),
        .maybe("vectors", .reference("vectors"), "all vectors as one matrix, beside items without their own"),
        .maybe("atomic", .bool, "one bad item refuses all", default: "false"),
        .maybe("strict", .bool, "members and works must exist", default: "false"),
        .operation, .deadline,
      ],
      result: .open([
        .needed("upserted", .count), .needed("replaced", .count),
        .needed("failures", .list(.reference("item_failure")), "items that were not stored"),
        .maybe("duplicates", .list(.text), "keys that stood several times; the last one stays"),
        .needed("seq", .sequence), .repeated,
      ]))
  }

  static func itemsRemove(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "Removes items by key or by what they are; the answer is the receipt.",
      [
        .maybe("keys", .list(.text, 0...limits.keys)), .maybe("filter", .filterParameter),
        .maybe("confirm", .bool, "needed where the filter matches every item", default: "false"),
        .operation, .deadline,
      ],
      oneOf: [["keys"], ["filter"]], isExclusive: false,
      result: .receipt([.needed("missing", .count)]))
  }

  static func itemsScroll(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "All items, or those that meet a filter, a page at a time and all at one revision.",
      [
        .maybe("filter", .filterParameter), .maybe("limit", .integer(1...limits.k), default: "1000"),
        .maybe("cursor", .text, "where an earlier answer stopped"),
        .maybe("with_attributes", .bool, "items show what is known about them", default: "true"),
        .maybe("with_vectors", .vectorFormat, "items show the stored vector", default: "false"), .deadline,
      ],
      result: .open([
        .needed("items", .list(.reference("item"))), .needed("seq", .sequence), .maybe("cursor", .text),
      ]))
  }
}

extension Property {
  /// The name of an edit.
  static let operation = maybe("op_id", .operation, "the same name a second time changes nothing")
  /// When an answer is of no use any more.
  static let deadline = maybe(
    "deadline_ms", .integer(1...86_400_000), "milliseconds from receipt after which the answer is of no use")
  /// Says that an edit was done before, under its `op_id`.
  static let repeated = maybe("repeated", Schema(.yes), "the edit had been done before, under its op_id")
}

extension Schema {
  /// What a takedown is proved by.
  static func receipt(_ more: [Property] = []) -> Schema {
    open(
      [
        .needed("removed", .count), .needed("keys", .list(.text)), .needed("time", .reference("time")),
        .needed("seq", .sequence), .repeated,
      ] + more)
  }
}
