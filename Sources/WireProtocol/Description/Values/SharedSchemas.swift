extension Schema {
  /// The schemas that others refer to by name.
  static func shared(_ limits: Limits) -> [(name: String, schema: Schema)] {
    [
      ("vector", vector(limits)), ("vectors", vectors(limits)), ("packed_vector", packed(many: false)),
      ("packed_vectors", packed(many: true)), ("shown_vector", shownVector),
      ("filter", filter), ("clause", clause), ("clauses", clauses), ("condition", condition),
      ("filter_value", filterValue), ("field", field), ("match_test", matchTest), ("range", range),
      ("use", use), ("time", time), ("territory", territory), ("use_name", useName), ("verdict", verdict),
      ("hit", hit), ("group", group), ("item", item), ("item_edit", itemEdit(limits)), ("item_failure", itemFailure),
      ("permission", permission), ("error_data", errorData),
    ]
  }

  /// The revision that an answer shows or makes.
  static let sequence = count
  /// A name of a member or a work.
  static func name(_ limits: Limits) -> Schema { text(bytes: 1...limits.nameBytes) }
  /// What a caller calls a request.
  static let requestID = either(
    integer(-Int(RequestID.greatestInteger)...Int(RequestID.greatestInteger)),
    text(bytes: 1...RequestID.greatestLength))
  /// The caller's name for an edit.
  static let operation = text(bytes: 1...128)
}
