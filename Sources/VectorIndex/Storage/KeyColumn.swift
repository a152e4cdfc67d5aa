/// The caller's key of every ordinal, as UTF-8.
///
/// Decides ties: of two rows at the same distance the one with the smaller key, byte by byte, comes first, so that answers do
/// not depend on the order of arrival. Begins with what a snapshot file holds, read in place; what came since follows in chunks. A value with copy on
/// write by chunk.
@safe
public struct KeyColumn: @unchecked Sendable {
  private struct Chunk: Sendable {
    var bytes: [UInt8] = []
    var ends: [UInt32] = []
  }

  private var stored: StoredKeys?
  /// Where the stored keys lie, valid as long as `stored`: reading through that would count references, for which threads wait for each other.
  private var storedView: StoredKeysView?
  private var storedCount = 0
  private var chunks: [Chunk] = []
  /// How many ordinals have a key.
  public private(set) var count = 0

  /// Keys a chunk.
  private static let shift = 10
  private static let mask = 1 << shift - 1

  /// An empty column.
  public init() {}

  /// A column that begins with the keys of a snapshot file.
  ///
  /// - Parameters:
  ///   - reader: The file.
  ///   - name: What the names of the two sections begin with: `keys` for `keys.ends` and `keys.bytes`.
  ///   - count: How many keys there have to be, where that is known.
  /// - Throws: `IndexError.damaged`.
  /// - Complexity: O(*n*), at the speed of memory; nothing is copied.
  public init(_ reader: SnapshotReader, named name: String, count: Int? = nil) throws(IndexError) {
    let stored = try StoredKeys(reader, named: name, count: count)
    self.stored = stored
    // SAFETY: the view is used while `self`, which holds the file, is.
    unsafe storedView = stored.view
    storedCount = stored.count
    self.count = stored.count
  }

  /// Adds the key of the next ordinal.
  ///
  /// - Parameter key: UTF-8, of at most 1 MiB.
  public mutating func append(_ key: Span<UInt8>) {
    if (count - storedCount) & Self.mask == 0 { chunks.append(Chunk()) }
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
    let index = Int(ordinal)
    // SAFETY: there are so many keys, and `self` holds what they lie in.
    if index < storedCount, let view = unsafe storedView { return try unsafe view.withBytes(of: index, body) }
    let slot = (index - storedCount) & Self.mask
    let chunk = chunks[(index - storedCount) >> Self.shift]
    let start = slot == 0 ? 0 : Int(chunk.ends[slot - 1])
    return try body(chunk.bytes.span.extracting(start..<Int(chunk.ends[slot])))
  }

  /// Has the processor fetch where the keys of results that lie in a file end; then ``prefetchBytes(of:)``.
  func prefetchEnds(of results: [[Neighbor]]) {
    guard let stored else { return }
    for neighbors in results {
      for neighbor in neighbors where Int(neighbor.ordinal) < storedCount {
        stored.ends.prefetch(Int(neighbor.ordinal))
      }
    }
  }

  /// Has the processor fetch the keys of results that lie in a file.
  func prefetchBytes(of results: [[Neighbor]]) {
    guard let stored else { return }
    for neighbors in results {
      for neighbor in neighbors where Int(neighbor.ordinal) < storedCount {
        let range = stored.range(of: Int(neighbor.ordinal))
        if !range.isEmpty { stored.bytes.prefetch(range.lowerBound) }
      }
    }
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

  /// Writes all keys as two sections of a snapshot file.
  ///
  /// - Parameters:
  ///   - writer: Gets the sections.
  ///   - name: What their names begin with, at most 10 bytes.
  /// - Throws: `IndexError`.
  public func write(to writer: SnapshotWriter, as name: String) throws(IndexError) {
    writer.begin("\(name).ends", of: UInt64.self)
    try writeEnds(to: writer)
    writer.begin("\(name).bytes", of: UInt8.self)
    if let stored { try writer.write(stored.bytes) }
    for chunk in chunks { try writer.write(chunk.bytes.span) }
  }

  private func writeEnds(to writer: SnapshotWriter) throws(IndexError) {
    var written: UInt64 = 0
    if let stored {
      try writer.write(stored.ends)
      written = UInt64(stored.bytes.count)
    }
    for chunk in chunks {
      let ends = chunk.ends.map { written + UInt64($0) }
      try writer.write(ends.span)
      written += UInt64(chunk.bytes.count)
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
