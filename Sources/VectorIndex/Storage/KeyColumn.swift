/// The caller's key of every ordinal, as UTF-8.
///
/// Decides ties: of two rows at the same distance the one with the smaller key, byte by byte, comes first, so that answers do
/// not depend on the order of arrival. A value with copy on write by chunk.
public struct KeyColumn: Sendable {
  private struct Chunk: Sendable {
    var bytes: [UInt8] = []
    var ends: [UInt32] = []
  }

  private var chunks: [Chunk] = []
  /// How many ordinals have a key.
  public private(set) var count = 0

  /// Keys a chunk.
  private static let shift = 10
  private static let mask = 1 << shift - 1

  /// An empty column.
  public init() {}

  /// Adds the key of the next ordinal.
  ///
  /// - Parameter key: UTF-8, of at most 1 MiB.
  public mutating func append(_ key: Span<UInt8>) {
    if count & Self.mask == 0 { chunks.append(Chunk()) }
    let last = chunks.count - 1
    unsafe key.withUnsafeBytes { bytes in
      // SAFETY: the bytes are copied while they are borrowed.
      unsafe chunks[last].bytes.append(contentsOf: bytes)
    }
    chunks[last].ends.append(UInt32(chunks[last].bytes.count))
    count += 1
  }

  /// Adds the key of the next ordinal.
  public mutating func append(_ key: String) {
    append(Array(key.utf8).span)
  }

  /// Lends the bytes of a key.
  ///
  /// - Parameters:
  ///   - ordinal: Below ``count``.
  ///   - body: Gets the key's UTF-8, for as long as it runs.
  /// - Returns: What `body` returns.
  @inline(__always)
  public func withBytes<Result>(of ordinal: UInt32, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    let slot = Int(ordinal) & Self.mask
    let chunk = chunks[Int(ordinal) >> Self.shift]
    let start = slot == 0 ? 0 : Int(chunk.ends[slot - 1])
    return try body(chunk.bytes.span.extracting(start..<Int(chunk.ends[slot])))
  }

  /// A key.
  public subscript(ordinal: UInt32) -> String {
    withBytes(of: ordinal) { key in
      unsafe key.withUnsafeBytes { bytes in
        // SAFETY: the bytes are copied while they are borrowed.
        unsafe String(decoding: bytes, as: UTF8.self)
      }
    }
  }

  /// Whether the key of `a` comes before that of `b`, byte by byte.
  public func precedes(_ a: UInt32, _ b: UInt32) -> Bool {
    withBytes(of: a) { first in
      withBytes(of: b) { second in first.precedes(second) }
    }
  }
}

extension Span<UInt8> {
  /// Lexicographic order of bytes, a prefix first.
  fileprivate func precedes(_ other: Span<UInt8>) -> Bool {
    // SAFETY: both pointers are used while their spans are borrowed.
    unsafe withUnsafeBytes { a in unsafe other.withUnsafeBytes { b in unsafe a.lexicographicallyPrecedes(b) } }
  }
}
