#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Splits a stream of bytes into lines, whatever pieces it comes in.
///
/// LF ends a line, a CR before it is dropped, empty lines are passed over. A line beyond the limit is thrown away as it comes, in
/// constant memory, and reported once. What follows the last LF is no line.
///
/// A line that lies inside one piece is lent from there; only lines that span pieces are copied. No byte is looked at twice.
public struct LineFramer: Sendable {
  private let limit: Int
  private static let longLine = 1 << 20
  private var partial: [UInt8] = []
  /// Bytes of the current line that were thrown away; 0 while it fits.
  private var discarded = 0

  /// A framer of lines of at most `limit` bytes.
  public init(limit: Int = Limits().lineBytes) {
    self.limit = limit
  }

  /// Whether a line has begun that is not ended yet.
  public var hasPartialLine: Bool { !partial.isEmpty || discarded > 0 }

  /// Takes the next piece of the stream.
  ///
  /// - Parameters:
  ///   - chunk: Any number of bytes.
  ///   - line: Is lent every line that ends in the piece, without its end.
  ///   - tooLong: Is told the length of every line that was thrown away.
  /// - Complexity: O(bytes).
  /// - Allocates: Nothing for lines inside the piece; otherwise at most the limit, reused.
  public mutating func feed(_ chunk: Span<UInt8>, line: (Span<UInt8>) -> Void, tooLong: (Int) -> Void) {
    var start = 0
    while let end = Self.firstNewline(in: chunk, from: start) {
      let piece = chunk.extracting(start..<end)
      start = end + 1
      if discarded > 0 || partial.count + piece.count > limit + 1 {
        tooLong(discarded + partial.count + piece.count)
        forget()
      } else if partial.isEmpty {
        emit(piece, line, tooLong)
      } else {
        piece.append(to: &partial)
        emit(partial.span, line, tooLong)
        partial.removeAll(keepingCapacity: true)
      }
    }
    keep(chunk.extracting(start..<chunk.count))
  }

  private func emit(_ text: Span<UInt8>, _ line: (Span<UInt8>) -> Void, _ tooLong: (Int) -> Void) {
    let hasReturn = !text.isEmpty && text[text.count - 1] == UInt8(ascii: "\r")
    let content = text.extracting(0..<text.count - (hasReturn ? 1 : 0))
    if content.count > limit { return tooLong(content.count) }
    if !content.isEmpty { line(content) }
  }

  private mutating func keep(_ tail: Span<UInt8>) {
    if discarded > 0 || partial.count + tail.count > limit + 1 {
      discarded += partial.count + tail.count
      partial.removeAll(keepingCapacity: false)
    } else {
      // A long line gets all of its room at once: doubling would copy it and take up to twice the limit.
      if partial.count + tail.count > Self.longLine { partial.reserveCapacity(limit + 2) }
      tail.append(to: &partial)
    }
  }

  private mutating func forget() {
    partial.removeAll(keepingCapacity: false)
    discarded = 0
  }

  @inline(__always)
  private static func firstNewline(in chunk: Span<UInt8>, from start: Int) -> Int? {
    guard start < chunk.count else { return nil }
    return unsafe chunk.withUnsafeBytes { bytes in
      // SAFETY: looks at the bytes from `start` to the end of what is lent.
      guard let base = bytes.baseAddress, let found = unsafe memchr(base + start, 10, bytes.count - start) else {
        return nil
      }
      return unsafe UnsafeRawPointer(found) - base
    }
  }
}

extension Span<UInt8> {
  fileprivate func append(to array: inout [UInt8]) {
    unsafe withUnsafeBytes { bytes in
      // SAFETY: copied while it is lent.
      unsafe array.append(contentsOf: bytes)
    }
  }
}
