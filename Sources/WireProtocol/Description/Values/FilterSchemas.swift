/// The grammar of filters.
extension Schema {
  static let filter = closed([
    .maybe("must", reference("clauses"), "all of them hold"),
    .maybe("should", reference("clauses"), "at least one of them holds, if there are any"),
    .maybe("must_not", reference("clauses"), "none of them holds"),
  ])

  static let clauses = either(reference("clause"), list(reference("clause")))

  static let clause = either(reference("condition"), reference("filter").anyOf(["must"], ["should"], ["must_not"]))

  static let condition = closed([
    .maybe("key", text, "the name of a field"),
    .maybe("match", reference("match_test")),
    .maybe("range", reference("range"), "a number within bounds"),
    .maybe("is_empty", reference("field"), "missing, null or an empty list"),
    .maybe("exists", reference("field"), "there"),
  ]).oneOf(["match"], ["range"], ["is_empty"], ["exists"]).oneOf(["key"], ["is_empty"], ["exists"])

  static let matchTest = closed([
    .maybe("value", reference("filter_value"), "it is this"),
    .maybe("any", list(reference("filter_value")), "it is one of these"),
    .maybe("except", list(reference("filter_value")), "it is there and none of these"),
  ]).oneOf(["value"], ["any"], ["except"])

  static let filterValue = either(text, bool, number)

  static let field = closed([.needed("key", text, "the name of a field")])

  static let range = closed(
    ["gt", "gte", "lt", "lte"].map { .maybe($0, number.orNull) })

  /// A filter as a parameter.
  static let filterParameter = reference("filter").orNull
}
