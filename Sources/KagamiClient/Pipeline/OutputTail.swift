/// The end of a stream that may be long: only the last bytes are kept.
package struct OutputTail {
  /// How many bytes are kept.
  package let capacity: Int
  private var kept: [UInt8] = []

  /// Keeps the last `capacity` bytes, 8 KiB unless given.
  package init(capacity: Int = 8 << 10) {
    self.capacity = capacity
  }

  /// Adds the next bytes of the stream.
  package mutating func append(_ bytes: RawSpan) {
    let news = bytes.extracting(last: capacity)
    // SAFETY: the bytes are copied inside the closure that RawSpan lends them to.
    unsafe news.withUnsafeBytes { unsafe kept.append(contentsOf: $0) }
    // Cut rarely, so that a stream of short writes does not move the tail each time.
    if kept.count > 2 * capacity { kept.removeFirst(kept.count - capacity) }
  }

  /// The kept text; bytes that are not UTF-8 are replaced.
  package var text: String { String(decoding: kept.suffix(capacity), as: UTF8.self) }
}
