/// RFC 8259 in the plainest way, with the further rules of the protocol: no key twice in an object, no lone surrogate, valid UTF-8, bounded depth.
///
/// Slow, and written without a look at the scanner: the second opinion.
struct PlainJSON {
  private struct Refused: Error {}

  private let bytes: [UInt8]
  private var at = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Whether a text is one JSON value.
  static func accepts(_ text: [UInt8], depth: Int = 32) -> Bool {
    guard String(validating: text, as: UTF8.self) != nil else { return false }
    var reader = PlainJSON(text)
    return (try? reader.whole(depth)) != nil
  }

  private mutating func whole(_ depth: Int) throws {
    try value(depth)
    space()
    guard at == bytes.count else { throw Refused() }
  }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func space() {
    while let byte = next, [32, 9, 10, 13].contains(byte) { at += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    at += 1
    return true
  }

  private mutating func value(_ depth: Int) throws {
    space()
    switch next {
    case UInt8(ascii: "{"): try object(depth)
    case UInt8(ascii: "["): try array(depth)
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: try number()
    }
  }

  private mutating func word(_ text: String) throws {
    guard bytes[at...].starts(with: text.utf8) else { throw Refused() }
    at += text.utf8.count
  }

  private mutating func object(_ depth: Int) throws {
    guard depth > 0 else { throw Refused() }
    at += 1
    var names: Set<[UInt16]> = []
    space()
    if take(UInt8(ascii: "}")) { return }
    repeat {
      space()
      guard names.insert(try string()).inserted else { throw Refused() }
      space()
      guard take(UInt8(ascii: ":")) else { throw Refused() }
      try value(depth - 1)
      space()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw Refused() }
  }

  private mutating func array(_ depth: Int) throws {
    guard depth > 0 else { throw Refused() }
    at += 1
    space()
    if take(UInt8(ascii: "]")) { return }
    repeat {
      try value(depth - 1)
      space()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw Refused() }
  }

  /// The string's UTF-16, escapes resolved.
  private mutating func string() throws -> [UInt16] {
    guard take(UInt8(ascii: "\"")) else { throw Refused() }
    var units: [UInt16] = []
    var raw: [UInt8] = []
    func flushed() -> [UInt16] { Array(String(decoding: raw, as: UTF8.self).utf16) }
    while let byte = next {
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        units += flushed()
        guard isPaired(units) else { throw Refused() }
        return units
      case UInt8(ascii: "\\"):
        units += flushed()
        raw = []
        units.append(try escape())
      case 0..<32: throw Refused()
      default: raw.append(byte)
      }
    }
    throw Refused()
  }

  private mutating func escape() throws -> UInt16 {
    guard let byte = next else { throw Refused() }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt16(byte)
    case UInt8(ascii: "b"): return 8
    case UInt8(ascii: "f"): return 12
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "r"): return 13
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "u"):
      let digits = bytes[at...].prefix(4)
      guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
        let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw Refused() }
      at += 4
      return unit
    default: throw Refused()
    }
  }

  private func isPaired(_ units: [UInt16]) -> Bool {
    var index = 0
    while index < units.count {
      let unit = units[index]
      if UTF16.isTrailSurrogate(unit) { return false }
      if UTF16.isLeadSurrogate(unit) {
        guard index + 1 < units.count, UTF16.isTrailSurrogate(units[index + 1]) else { return false }
        index += 1
      }
      index += 1
    }
    return true
  }

  private mutating func digits() throws {
    let start = at
    while let byte = next, (48...57).contains(byte) { at += 1 }
    guard at > start else { throw Refused() }
  }

  private mutating func number() throws {
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
  }
}
