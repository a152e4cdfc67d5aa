extension Schema {
  static let time = text(pattern: "^\(day)(\(moment))?$")
    .said("an instant, in UTC where it names no difference from it, or a date for its first instant")

  /// When something was published, as far as that is known.
  static let publication = text(pattern: "^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(\(moment))?)?)?$")
    .said("a year, a month, a date, or a time")

  private static let day = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
  private static let moment =
    #"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?"#

  static let territory = text(pattern: "^([A-Z]{2}|worldwide)$").said("a code of ISO 3166-1, or worldwide")

  static let useName = text(bytes: 1...64, pattern: "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
    .said("training, generation, display, distribution, or another name")

  /// A text that names something.
  static func naming(_ limit: Int = 1024) -> Schema { text(bytes: 1...limit) }

  static let use = closed([
    .needed("licensee", naming(), "who uses it"),
    .needed("use", reference("use_name"), "what for"),
    .needed("territory", reference("territory"), "where"),
    .needed("at", reference("time"), "when"),
    .maybe("as_known_at", reference("time"), "the moment whose knowledge counts"),
  ])

  static let verdict = open([
    .needed("status", constants(["permitted", "not_permitted"])),
    .maybe("reason", text, "the first test that fails for the permission that got furthest"),
    .maybe("id", text, "the permission that covers the use, or came nearest"),
  ])

  static let permission = open([
    .needed("id", text), .needed("scope", text), .needed("member", text), .maybe("work", text), .maybe("item", text),
    .needed("licensee", text), .needed("uses", list(text)), .needed("territories", list(text)),
    .maybe("valid_from", reference("time")), .maybe("valid_until", reference("time")),
    .needed("granted_at", reference("time")), .needed("recorded_at", reference("time")), .maybe("reference", text),
    .needed("seq", sequence),
    .maybe(
      "revocations",
      list(
        open([
          .needed("revoked_at", reference("time")), .needed("recorded_at", reference("time")),
          .maybe("reference", text), .needed("seq", sequence),
        ]))),
  ])
}
