/// Reads the Python dictionary in a NumPy header, and nothing else that Python could write.
///
/// ```
/// {'descr': '<f2', 'fortran_order': False, 'shape': (12094, 512), }
/// ```
/// The three entries must be there once each, in any order; anything else is refused where it stands.
struct NpyHeaderParser {
  /// Why the dictionary was refused, and at which byte of the file.
  struct Failure: Error {
    let offset: Int
    let reason: String
    /// Whether the header is sound and only what it describes is not read here.
    var isUnsupported = false
  }

  private static let maximumRank = 32
  private static let maximumNameLength = 64

  private let bytes: [UInt8]
  private var position: Int
  private var scalar: ScalarType?
  private var isCOrder = false
  private var shape: [Int]?
  private var scalarOffset = 0
  private var shapeOffset = 0

  /// Starts at the dictionary.
  ///
  /// - Parameters:
  ///   - bytes: The file up to the end of the header.
  ///   - position: Where the dictionary starts.
  init(bytes: [UInt8], from position: Int) {
    self.bytes = bytes
    self.position = position
  }

  /// Reads the dictionary and the padding after it.
  mutating func parse() throws(Failure) -> NpyHeader {
    try expect("{")
    while !accept("}") {
      try parseEntry()
      if !accept(",") {
        try expect("}")
        break
      }
    }
    skipSpaces()
    if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
    guard position == bytes.count else { throw failure("unexpected text after the header's closing brace") }
    guard let scalar else { throw failure("the header has no 'descr'") }
    guard isCOrder else { throw failure("the header has no 'fortran_order'") }
    guard let shape else { throw failure("the header has no 'shape'") }
    return NpyHeader(
      scalar: scalar, scalarOffset: scalarOffset, shape: shape, shapeOffset: shapeOffset, dataOffset: bytes.count)
  }

  private mutating func parseEntry() throws(Failure) {
    skipSpaces()
    let start = position
    let name = try parseString()
    let isRepeated =
      switch name {
      case "descr": scalar != nil
      case "fortran_order": isCOrder
      case "shape": shape != nil
      default: throw Failure(offset: start, reason: "the header's entry '\(name)' is unknown")
      }
    guard !isRepeated else { throw Failure(offset: start, reason: "the header's entry '\(name)' stands there twice") }
    try expect(":")
    skipSpaces()
    switch name {
    case "descr":
      scalarOffset = position
      scalar = try parseDescriptor()
    case "fortran_order":
      isCOrder = try parseOrder()
    default:
      shapeOffset = position
      shape = try parseShape()
    }
  }

  private mutating func parseDescriptor() throws(Failure) -> ScalarType {
    let start = position
    if position < bytes.count, bytes[position] == UInt8(ascii: "[") {
      throw unsupported(at: start, "the array is structured (several fields a row); save one field as an array")
    }
    let name = try parseString()
    if let scalar = ScalarType(descriptor: name) { return scalar }
    if name.hasPrefix(">"), let scalar = ScalarType(descriptor: "<" + name.dropFirst()) {
      let advice = "save array.astype('\(scalar.descriptor)')"
      throw unsupported(at: start, "the numbers are big-endian ('\(name)'); \(advice)")
    }
    throw unsupported(at: start, "numbers of type '\(name)' are not read; save array.astype('<f4')")
  }

  private mutating func parseOrder() throws(Failure) -> Bool {
    let start = position
    if acceptWord("False") { return true }
    guard acceptWord("True") else { throw failure("'fortran_order' must be True or False") }
    throw unsupported(at: start, "the array is in Fortran order; save numpy.ascontiguousarray(array)")
  }

  private mutating func parseShape() throws(Failure) -> [Int] {
    try expect("(")
    var lengths: [Int] = []
    while !accept(")") {
      lengths.append(try parseLength())
      guard lengths.count <= Self.maximumRank else { throw failure("the shape has too many dimensions") }
      if !accept(",") {
        guard lengths.count > 1 else { throw failure("'shape' must be a tuple: a comma is missing") }
        try expect(")")
        break
      }
    }
    return lengths
  }

  private mutating func parseLength() throws(Failure) -> Int {
    skipSpaces()
    let start = position
    if position < bytes.count, bytes[position] == UInt8(ascii: "-") { throw failure("a length in 'shape' is negative") }
    var length = 0
    while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit <= 9 {
      let (shifted, overflow) = length.multipliedReportingOverflow(by: 10)
      let (sum, carry) = shifted.addingReportingOverflow(Int(digit))
      guard !overflow, !carry else { throw Failure(offset: start, reason: "a length in 'shape' is beyond \(Int.max)") }
      length = sum
      position += 1
    }
    guard position > start else { throw failure("'shape' must be a tuple of whole numbers") }
    return length
  }
}

// MARK: - Tokens

extension NpyHeaderParser {
  private mutating func parseString() throws(Failure) -> String {
    skipSpaces()
    guard position < bytes.count, case let quote = bytes[position],
      quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
    else { throw failure("a quoted name is missing in the header") }
    let start = position + 1
    guard let end = bytes[start...].firstIndex(of: quote) else { throw failure("a quotation mark is never closed") }
    let text = bytes[start..<end]
    guard text.count <= Self.maximumNameLength, text.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
      throw failure("a name in the header is too long or not plain text")
    }
    position = end + 1
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func skipSpaces() {
    while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
  }

  private mutating func accept(_ mark: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ mark: Unicode.Scalar) throws(Failure) {
    guard accept(mark) else { throw failure("'\(mark)' is missing in the header") }
  }

  private mutating func acceptWord(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private func failure(_ reason: String) -> Failure {
    Failure(offset: position, reason: reason)
  }

  private func unsupported(at offset: Int, _ reason: String) -> Failure {
    Failure(offset: offset, reason: reason, isUnsupported: true)
  }
}
