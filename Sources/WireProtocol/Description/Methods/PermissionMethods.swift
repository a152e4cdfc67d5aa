extension MethodDescription {
  static let permissionsPut = MethodDescription(
    "Records a permission.",
    [
      .maybe("id", .naming(128), "the engine's choice unless given"),
      .needed("member", .naming(), "whose works it is for"), .maybe("work", .naming(), "the one work it is for"),
      .maybe("item", .naming(), "the key of the one item it is for"),
      .needed("licensee", .naming(), "who is permitted something"),
      .needed("uses", .list(.reference("use_name"), 1...1000)),
      .maybe(
        "territories", .either(.constants(["worldwide"]), .list(.reference("territory"), 1...1000)),
        default: #""worldwide""#),
      .maybe("valid_from", .reference("time"), "the first instant that is covered"),
      .maybe("valid_until", .reference("time"), "the first that is not any more"),
      .needed("granted_at", .reference("time")), .maybe("reference", .naming(4096), "where to find the contract"),
      .deadline,
    ],
    result: recording)

  static let permissionsRevoke = MethodDescription(
    "Records that a permission covers nothing from a time on.",
    [
      .needed("id", .naming(128)), .needed("revoked_at", .reference("time")),
      .maybe("reference", .naming(4096), "where to find the letter"), .deadline,
    ],
    result: recording)

  private static let recording = Schema.open([
    .needed("id", .text), .needed("recorded_at", .reference("time")),
    .needed("created", .bool, "false where it had been recorded before"), .needed("seq", .sequence),
  ])

  static func permissionsList(_ limits: Limits) -> MethodDescription {
    MethodDescription(
      "The permissions in the order of recording, a page at a time.",
      [.maybe("member", .text, "only those of this member"), .maybe("licensee", .text, "only those of this licensee")]
        + page(limits),
      result: .page("permissions", .reference("permission")))
  }

  static let permissionsCheck = MethodDescription(
    "Whether a use of an item, a work or all works of a member is permitted.",
    [
      .maybe("key", .text, "an item"), .maybe("member", .text, "a member"),
      .maybe("work", .text, "a work of the member"),
      .needed("use", .reference("use")),
    ],
    oneOf: [["key"], ["member"]],
    result: .open([.needed("permission", .reference("verdict")), .needed("seq", .sequence)]))
}
