/// Cuts a stream of chunks into lines.
///
/// No byte is looked at twice. What follows the last newline waits for the next chunk, and is never a line by itself.
package struct LineSplitter {
  /// The beginning of a line whose end has not come.
  package private(set) var remainder: [UInt8] = []

  /// Starts at the beginning of a line.
  package init() {}

  /// The lines that a chunk completes.
  ///
  /// - Parameter chunk: The next bytes of the stream.
  /// - Returns: Whole lines without their newlines; empty ones are left out.
  /// - Complexity: O(*n*) for *n* bytes of chunk, however long the line is that they belong to.
  package mutating func lines(completedBy chunk: RawSpan) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = 0
    // SAFETY: the buffer is only read, between its ends, and does not outlive the closure that RawSpan lends it to.
    unsafe chunk.withUnsafeBytes { bytes in
      while let end = unsafe Self.newline(in: bytes, from: start) {
        unsafe remainder.append(contentsOf: bytes[start..<end])
        if !remainder.isEmpty { lines.append(remainder) }
        remainder = []
        start = end + 1
      }
      unsafe remainder.append(contentsOf: bytes[start...])
    }
    return lines
  }

  /// The position of the first newline, eight bytes at a time.
  private static func newline(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = start
    // SAFETY: a word is loaded only where eight bytes are left before the end; single bytes are bounds-checked by the caller's count.
    while index <= bytes.count - 8 {
      let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let difference = word ^ (0x0A &* ones)
      let hits = (difference &- ones) & ~difference & (0x80 &* ones)
      if hits != 0 { return index + hits.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count {
      if unsafe bytes[index] == 0x0A { return index }
      index += 1
    }
    return nil
  }
}
