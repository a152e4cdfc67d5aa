extension Schema {
  static func vector(_ limits: Limits) -> Schema {
    either(list(.number, 1...limits.dimension), reference("packed_vector"))
  }

  static func vectors(_ limits: Limits) -> Schema {
    either(list(list(.number, 1...limits.dimension), 1...limits.vectors), reference("packed_vectors"))
  }

  static func packed(many: Bool) -> Schema {
    let shape = list(.count, many ? 2...2 : 1...2)
    return closed([
      .needed("b64", text, "the numbers' bytes in base64, standard alphabet, padded"),
      .needed("dtype", constants(PackedType.allCases.map(\.rawValue)), "how the numbers are stored, little-endian"),
      many
        ? .needed("shape", shape, "[vectors, numbers a vector]")
        : .maybe("shape", shape, "[numbers], or [1, numbers]"),
      .maybe("scale", number(above: 0), "what each i8 is multiplied with; needed beyond cosine"),
    ])
  }

  /// A stored vector as answers show it.
  static let shownVector = open([
    .needed("b64", text), .needed("dtype", constants([PackedType.float32.rawValue])),
  ])

  /// How stored vectors are shown.
  static let vectorFormat = either(constants([PackedType.float32.rawValue]), Schema(.no))
}
