import WireProtocol

/// The input is a line.
enum RequestFuzzing {
  static func run(_ input: [UInt8]) throws {
    var decoder = RequestDecoder()
    let vectors = VectorBuffer()
    let isJSON = PlainJSON.accepts(input)
    switch decoder.decode(input.span, into: vectors) {
    case .request(let request):
      for kept in request.body.keptTexts {
        if let objection = ReadableLine.objection(to: kept) { throw FuzzFinding("what is stored has \(objection)") }
      }
      try FuzzFinding.require(isJSON, "a request that is no JSON")
      let isSound = vectors.withNumbers { numbers in
        numbers.count == vectors.count * vectors.dimension && numbers.indices.allSatisfy { numbers[$0].isFinite }
      }
      try FuzzFinding.require(isSound, "vectors that are none")
    case .failure(let id, let error):
      try FuzzFinding.require(isJSON != (error.kind == .parseError), "\(error.kind), JSON: \(isJSON)")
      try FuzzFinding.require(isJSON || id == nil, "an id of what is no JSON")
      try FuzzFinding.require(error.kind != .internalError, error.message)
      var encoder = AnswerEncoder()
      encoder.error(error, id: id)
      let answer = Array(encoder.buffer.bytes.dropLast())
      try FuzzFinding.require(PlainJSON.accepts(answer), "the answer is no JSON")
      if let objection = ReadableLine.objection(to: answer) { throw FuzzFinding("the answer has \(objection)") }
    }
  }
}

extension RequestBody {
  /// The JSON that is stored, as answers show it.
  fileprivate var keptTexts: [[UInt8]] {
    let texts: [String?] =
      switch self {
      case .itemsUpsert(let request): request.items.map(\.attributes)
      case .worksPut(let request): [request.attributes]
      default: []
      }
    return texts.compactMap { text in
      guard let text else { return nil }
      let shown = JSONText.readable(text)
      // Ends of lines between tokens become spaces when it is read from the catalogue.
      return Array(shown.utf8.map { $0 == 10 || $0 == 13 ? 32 : $0 })
    }
  }
}
