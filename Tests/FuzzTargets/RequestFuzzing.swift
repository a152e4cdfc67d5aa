import WireProtocol

/// The input is a line.
enum RequestFuzzing {
  static func run(_ input: [UInt8]) throws {
    var decoder = RequestDecoder()
    let vectors = VectorBuffer()
    let isJSON = PlainJSON.accepts(input)
    switch decoder.decode(input.span, into: vectors) {
    case .request:
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
      try FuzzFinding.require(PlainJSON.accepts(Array(encoder.buffer.bytes.dropLast())), "the answer is no JSON")
    }
  }
}
