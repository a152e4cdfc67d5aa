#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension JSONScanner {
  /// A name or word of the text that is compared with known ones where it stands, without becoming a `String`.
  ///
  /// Valid for as long as the text is.
  @safe
  package struct Name {
    private let bytes: UnsafeRawBufferPointer
    /// The name, if it was written with escapes.
    private let unescaped: String?

    fileprivate init(_ text: Text, in scanner: borrowing JSONScanner) {
      // SAFETY: borrowed from the scanner's text, as the type says.
      unsafe bytes = scanner.slice(text.range)
      unescaped = text.hasEscapes ? scanner.text(of: text) : nil
    }

    /// The name, copied.
    var string: String {
      // SAFETY: as above.
      if let unescaped { return unescaped }
      return unsafe String(decoding: bytes, as: UTF8.self)
    }

    /// Whether it begins with `_`: such names are left to callers.
    var isIgnored: Bool {
      // SAFETY: the index is compared with the count.
      if let unescaped { return unescaped.utf8.first == UInt8(ascii: "_") }
      return unsafe bytes.count > 0 && bytes[0] == UInt8(ascii: "_")
    }

    /// Lets a `switch` over a name have string literals as its cases.
    @inline(__always)
    package static func ~= (known: StaticString, name: Name) -> Bool {
      if let unescaped = name.unescaped { return unescaped == "\(known)" }
      // SAFETY: both are read within their counts only.
      guard unsafe name.bytes.count == known.utf8CodeUnitCount else { return false }
      return unsafe memcmp(name.bytes.baseAddress.unsafelyUnwrapped, known.utf8Start, known.utf8CodeUnitCount) == 0
    }
  }

  /// A string of the text, to be compared with known names.
  @inline(__always)
  package func name(_ text: Text) -> Name {
    Name(text, in: self)
  }

  /// Whether the text goes on with a word.
  @inline(__always)
  func starts(with word: StaticString, at index: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    guard index + length <= count else { return false }
    // SAFETY: both have `length` bytes.
    return unsafe memcmp(slice(index..<index + length).baseAddress.unsafelyUnwrapped, word.utf8Start, length) == 0
  }
}
