extension MethodDescription {
  static func membersPut(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "Stores a member; what is not given stays as it is.",
      [
        .needed("member", .name(limits)), .maybe("name", .text), .maybe("contact", .text),
        .maybe("joined_at", .reference("time")), .deadline,
      ],
      result: .open([.needed("member", .text), .needed("seq", .sequence)]))
  }

  static func worksPut(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "Stores a work of a member; what is not given stays as it is.",
      [
        .needed("member", .name(limits)), .needed("work", .name(limits)), .maybe("title", .text),
        .maybe("kind", .text), .maybe("first_published", .publication), .maybe("attributes", .anyObject.orNull),
        .deadline,
      ],
      result: .open([.needed("member", .text), .needed("work", .text), .needed("seq", .sequence)]))
  }

  static func membersRemove(_ limits: Limits) -> MethodDescription {
    MethodDescription("Removes a member.", [.needed("member", .name(limits))] + removal, result: .receipt())
  }

  static func worksRemove(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "Removes a work.", [.needed("member", .name(limits)), .needed("work", .name(limits))] + removal,
      result: .receipt())
  }

  private static let removal: [Property] = [
    .maybe("cascade", .bool, "its items go with it", default: "false"),
    .operation, .deadline,
  ]

  static func membersList(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "The members, a page at a time.", page(limits),
      result: .page(
        "members",
        .open([
          .needed("member", .text), .maybe("name", .text), .maybe("contact", .text), .maybe("joined_at", .text),
          .needed("works", .count), .needed("items", .count),
        ])))
  }

  static func worksList(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "The works, a page at a time.", page(limits) + [.maybe("member", .text, "only those of this member")],
      result: .page(
        "works",
        .open([
          .needed("member", .text), .needed("work", .text), .maybe("title", .text), .maybe("kind", .text),
          .maybe("first_published", .text), .maybe("attributes", .anyObject), .needed("items", .count),
        ])))
  }

  /// What lists take.
  static func page(_ limits: Limits) -> [Property] {
    [
      .maybe("limit", .integer(1...limits.k), "entries of a page", default: "1000"),
      .maybe("cursor", .text, "where an earlier answer stopped"),
    ]
  }
}

extension Schema {
  /// A page of a list.
  static func page(_ name: String, _ entry: Schema) -> Schema {
    open([.needed(name, list(entry)), .needed("seq", .sequence), .maybe("cursor", .text, "where to go on")])
  }
}
