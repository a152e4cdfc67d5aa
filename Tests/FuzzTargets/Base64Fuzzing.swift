import WireProtocol

/// The input is the text between the quotes.
enum Base64Fuzzing {
  static func run(_ input: [UInt8]) throws {
    guard input.allSatisfy({ $0 >= 32 && $0 < 127 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else {
      return
    }
    let (before, after) = (
      #"{"jsonrpc":"2.0","id":1,"method":"search","params":{"vector":{"b64":""#, #"","dtype":"i8"}}}"#
    )
    let line = Array(before.utf8) + input + Array(after.utf8)
    var decoder = RequestDecoder()
    let vectors = VectorBuffer()
    let outcome = decoder.decode(line.span, into: vectors)
    let expected = plain(input).flatMap { (1...8192).contains($0.count) ? $0 : nil }
    switch outcome {
    case .request:
      let numbers = vectors.withNumbers { numbers in numbers.indices.map { numbers[$0] } }
      let wanted = expected?.map { Float(Int8(bitPattern: $0)) }
      try FuzzFinding.require(numbers == wanted, "\(numbers) where \(wanted ?? []) was expected")
    case .failure(_, let error):
      try FuzzFinding.require(expected == nil, "refused: \(error.message)")
    }
  }

  /// RFC 4648, section 4, bit by bit; nil for what is no base64.
  private static func plain(_ text: [UInt8]) -> [UInt8]? {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    guard text.count % 4 == 0 else { return nil }
    let padding = text.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
    var bits: [Bool] = []
    for character in text.dropLast(padding) {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      for shift in (0..<6).reversed() { bits.append(value >> shift & 1 == 1) }
    }
    let whole = bits.count / 8 * 8
    guard !bits[whole...].contains(true) else { return nil }
    return stride(from: 0, to: whole, by: 8).map { start in
      bits[start..<start + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
    }
  }
}
