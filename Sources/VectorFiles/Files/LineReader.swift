#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Splits a file into lines through one buffer that grows to the longest line.
///
/// Lines end with LF; a CR before it belongs to the end. The last line may lack its LF. A byte is looked at once: after
/// a refill the search goes on where it stopped.
struct LineReader: ~Copyable {
  /// The longest line that is read, in bytes; the rest of a longer one is skipped in constant memory.
  static let maximumLineByteCount = 16 << 20

  /// One line: where it stands, and whether it fits.
  struct Line {
    /// The line's number, from 0.
    let number: Int
    /// Its first byte within the file.
    let offset: Int
    /// Its bytes within `buffer`, without the line's end.
    let range: Range<Int>
    /// Whether it is over-long; then `range` is empty.
    let isTooLong: Bool
  }

  /// The file.
  let file: InputFile
  /// Bytes of the file; `Line.range` points into it until the next call.
  private(set) var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var start = 0
  private var end = 0
  private var bufferOffset = 0
  private var lineNumber = 0

  /// Starts before the first line.
  init(_ file: consuming InputFile) {
    self.file = file
  }

  /// Goes back to before the first line.
  mutating func rewind() {
    (start, end, bufferOffset, lineNumber) = (0, 0, 0, 0)
  }

  /// Finds the next line.
  ///
  /// - Returns: The line, or nil after the last one.
  /// - Throws: `FileError` if the file cannot be read.
  /// - Allocates: Nothing unless the line is longer than every line before it.
  mutating func next() throws(FileError) -> Line? {
    var searched = start
    while true {
      if let newline = Self.firstNewline(in: buffer, from: searched, to: end) {
        return take(upTo: newline, next: newline + 1)
      }
      searched = end
      if end - start > Self.maximumLineByteCount { return try skipRest() }
      let moved = start
      guard try refill() else { return start == end ? nil : take(upTo: end, next: end) }
      searched -= moved - start
    }
  }

  /// Whether no byte follows the line that was found last.
  mutating func isAtEnd() throws(FileError) -> Bool {
    if start < end { return false }
    return try !refill()
  }

  /// Makes room behind the bytes of the unfinished line and reads on.
  ///
  /// - Returns: Whether there was anything more to read.
  private mutating func refill() throws(FileError) -> Bool {
    if start > 0 {
      for index in start..<end { buffer[index - start] = buffer[index] }
      (bufferOffset, end, start) = (bufferOffset + start, end - start, 0)
    }
    if end == buffer.count { buffer.append(contentsOf: repeatElement(0, count: buffer.count)) }
    let count = try file.read(at: bufferOffset + end, into: &buffer, range: end..<buffer.count)
    end += count
    return count > 0
  }

  private mutating func take(upTo stop: Int, next: Int) -> Line {
    let first = start + markLength(upTo: stop)
    let hasReturn = stop > first && buffer[stop - 1] == UInt8(ascii: "\r")
    let range = first..<(hasReturn ? stop - 1 : stop)
    let isTooLong = range.count > Self.maximumLineByteCount
    defer { (start, lineNumber) = (next, lineNumber + 1) }
    return Line(
      number: lineNumber, offset: bufferOffset + first, range: isTooLong ? first..<first : range, isTooLong: isTooLong)
  }

  /// Bytes of the byte-order mark that some programs begin files of UTF-8 with: passed over at the very start, where it means nothing.
  private func markLength(upTo stop: Int) -> Int {
    let isMarked = bufferOffset + start == 0 && stop >= 3 && buffer[0] == 0xEF && buffer[1] == 0xBB && buffer[2] == 0xBF
    return isMarked ? 3 : 0
  }

  private mutating func skipRest() throws(FileError) -> Line {
    let line = Line(number: lineNumber, offset: bufferOffset + start, range: 0..<0, isTooLong: true)
    lineNumber += 1
    while true {
      (bufferOffset, start, end) = (bufferOffset + end, 0, 0)
      guard try refill() else { return line }
      if let newline = Self.firstNewline(in: buffer, from: 0, to: end) {
        start = newline + 1
        return line
      }
    }
  }

  private static func firstNewline(in bytes: [UInt8], from start: Int, to end: Int) -> Int? {
    guard start < end else { return nil }
    // SAFETY: start..<end lies inside the array, which is held by the caller through the call.
    return unsafe bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress, let found = unsafe memchr(base + start, 10, end - start) else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }
}
