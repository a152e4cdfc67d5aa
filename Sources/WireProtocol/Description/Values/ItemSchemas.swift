extension Schema {
  /// What is known about an item beside its key, member and work.
  private static let details: [Property] = [
    .maybe("kind", text), .maybe("title", text), .maybe("source", text), .maybe("timecode", either(number, text)),
    .maybe("attributes", anyObject),
  ]
  private static let owner: [Property] = [.maybe("member", text), .maybe("work", text)]
  private static let vector: [Property] = [.maybe("vector", reference("shown_vector"))]

  static let hit = open(
    [.needed("key", text), .needed("score", number, "larger is more similar")] + owner + details
      + [.maybe("permission", reference("verdict"))] + vector)

  static let group = open(
    owner + [
      .needed("score", number, "of the best hit"), .needed("count", count, "how many qualify"),
      .needed("hits", list(reference("hit"))),
    ])

  static let item = open([.needed("key", text)] + owner + details + vector)

  static func itemEdit(_ limits: Limits) -> Schema {
    closed([
      .needed("key", text, "1 to \(limits.nameBytes) bytes"),
      .maybe("vector", reference("vector"), "needed unless the request has vectors"),
      .maybe("member", text.orNull, "made where it does not exist"),
      .maybe("work", text.orNull, "within the member, which it needs"),
      .maybe("kind", text.orNull), .maybe("title", text.orNull), .maybe("source", text.orNull),
      .maybe("timecode", either(number, text, Schema(.null))),
      .maybe("attributes", anyObject.orNull),
    ])
  }

  static let itemFailure = open([
    .needed("index", count, "of the item in the request"), .needed("key", text),
    .needed("kind", constants(WireError.Kind.allCases.map(\.rawValue))), .maybe("pointer", text),
    .needed("message", text),
  ])
}
