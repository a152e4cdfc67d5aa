/// Reads one JSON text from front to back, strictly after RFC 8259, without building a tree.
///
/// Refuses what lax parsers let pass and programs then understand differently: duplicate keys, invalid UTF-8, lone
/// surrogates, leading zeros, trailing text, deep nesting. Every failure knows its byte.
///
/// ```swift
/// try scanner.read(line) { scanner in
///   var object = try scanner.beginObject()
///   while let key = try scanner.nextKey(of: &object) {
///     if scanner.text(of: key) == "k" { k = try scanner.integer() } else { try scanner.skipValue() }
///   }
/// }
/// ```
///
/// A scanner is kept and given one text after another, so that its memory is reused.
///
/// - Allocates: Nothing in steady state, except for strings that are asked for as `String`.
@safe
public struct JSONScanner {
  /// A string in the text, between its quotes.
  public struct Text {
    /// Bytes of the text.
    public let range: Range<Int>
    /// Whether escapes have to be resolved.
    public let hasEscapes: Bool
  }

  private var bytes: UnsafeRawBufferPointer
  /// The next byte to read.
  public private(set) var position = 0
  private var depth = 0
  private let maximumDepth: Int
  /// Keys of the objects that are being read, the innermost object's last.
  var keys: [Text] = []

  /// A scanner of nothing yet.
  ///
  /// - Parameter maximumDepth: Objects and arrays inside one another.
  public init(maximumDepth: Int = Limits().depth) {
    // SAFETY: an empty buffer.
    unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    self.maximumDepth = maximumDepth
  }

  /// Starts over with another text, and reads it while it is lent.
  ///
  /// - Parameters:
  ///   - text: Borrowed for the call.
  ///   - body: Reads it.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public mutating func read<Result, Failure: Error>(
    _ text: Span<UInt8>, _ body: (inout JSONScanner) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe text.withUnsafeBytes { (bytes) throws(Failure) -> Result in
      // SAFETY: the text is lent for the call and forgotten at its end; nothing beyond its count is ever read.
      unsafe self.bytes = bytes
      rewindAll()
      defer { unsafe self.bytes = UnsafeRawBufferPointer(start: nil, count: 0) }
      return try body(&self)
    }
  }

  /// Goes back to a place where a value began.
  ///
  /// - Parameter position: From ``position``, at the same depth.
  public mutating func rewind(to position: Int) {
    self.position = position
  }

  /// Goes back to the beginning of the text, whatever was being read.
  mutating func rewindAll() {
    position = 0
    depth = 0
    keys.removeAll(keepingCapacity: true)
  }

  // MARK: Bytes

  /// How many bytes the text has.
  public var count: Int { unsafe bytes.count }

  /// A byte of the text.
  @inline(__always)
  subscript(index: Int) -> UInt8 {
    // SAFETY: every caller has compared the index with `count`.
    unsafe bytes[index]
  }

  /// Eight bytes of the text, the first in the lowest place.
  @inline(__always)
  func word(at index: Int) -> UInt64 {
    // SAFETY: every caller has compared `index` + 8 with `count`.
    let word = unsafe bytes.baseAddress.unsafelyUnwrapped.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    return UInt64(littleEndian: word)
  }

  /// The bytes of a part of the text.
  ///
  /// - Returns: Borrowed from the text.
  @inline(__always)
  func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    // SAFETY: ranges come from scanning and lie within the text.
    unsafe UnsafeRawBufferPointer(
      start: bytes.baseAddress.unsafelyUnwrapped + range.lowerBound, count: range.count)
  }

  /// A part of the text that is UTF-8 for certain.
  package func copy(_ range: Range<Int>) -> String {
    // SAFETY: copied at once.
    unsafe String(decoding: slice(range), as: UTF8.self)
  }

  @inline(__always)
  mutating func advance(to position: Int) {
    self.position = position
  }

  // MARK: Steps

  /// The first byte of the next value or mark, not consumed.
  ///
  /// - Throws: `parse_error` at the end of the text.
  @inline(__always)
  public mutating func peek() throws(WireError) -> UInt8 {
    var at = position
    while at < count {
      let byte = self[at]
      if byte > 0x20 {
        position = at
        return byte
      }
      guard Self.isSpace(byte) else { break }
      at += 1
    }
    position = at
    throw nothing()
  }

  @inline(never)
  private func nothing() -> WireError {
    .parse(position < count ? "a control character outside a string" : "the text ends too early", at: position)
  }

  @inline(__always)
  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  /// Checks that nothing but white space is left.
  ///
  /// - Throws: `parse_error`.
  public mutating func expectEnd() throws(WireError) {
    while position < count, Self.isSpace(self[position]) { position += 1 }
    guard position == count else { throw .parse("text after the end of the value", at: position) }
  }

  /// Consumes one mark.
  @inline(__always)
  mutating func expect(_ mark: UInt8, _ name: StaticString) throws(WireError) {
    guard try peek() == mark else { throw .parse("expected \(name)", at: position) }
    position += 1
  }

  /// Enters an object or array.
  mutating func descend() throws(WireError) {
    depth += 1
    guard depth <= maximumDepth else { throw .parse("nested deeper than \(maximumDepth) levels", at: position - 1) }
  }

  /// Leaves an object or array by its closing mark, which comes next.
  @inline(__always)
  mutating func ascend() {
    position += 1
    depth -= 1
  }
}
