/// Keys that lie in a snapshot file, read in place: the bytes of all keys one after another, and where each one ends.
struct StoredKeys: Sendable {
  let ends: MappedArray<UInt64>
  let bytes: MappedArray<UInt8>

  /// Finds the keys in a file.
  ///
  /// Every end is looked at, so that no key can lie outside of the bytes; the bytes themselves are not read.
  ///
  /// - Parameters:
  ///   - reader: The file.
  ///   - name: What both sections' names begin with.
  ///   - count: How many keys there have to be, where that is known.
  /// - Throws: `IndexError.damaged`.
  /// - Complexity: O(*n*), at the speed of memory.
  init(_ reader: SnapshotReader, named name: String, count: Int?) throws(IndexError) {
    ends = try reader.section("\(name).ends", of: UInt64.self, count: count)
    bytes = try reader.section("\(name).bytes", of: UInt8.self)
    let isAscending = ends.withSpan { ends in
      var isAscending = true
      var before: UInt64 = 0
      for index in ends.indices {
        let end = ends[index]
        isAscending = isAscending && before <= end
        before = end
      }
      return isAscending
    }
    guard isAscending, ends.count == 0 ? bytes.count == 0 : ends[ends.count - 1] == UInt64(bytes.count) else {
      throw reader.damage("\(name).ends", "does not fit the bytes of the keys")
    }
  }

  /// How many keys there are.
  var count: Int { ends.count }

  /// Where the bytes of a key lie.
  @inline(__always)
  func range(of index: Int) -> Range<Int> {
    Int(index == 0 ? 0 : ends[index - 1])..<Int(ends[index])
  }

  /// The same without a hold on the file.
  // SAFETY: whoever asks keeps this value for as long as it reads by the view.
  var view: StoredKeysView { unsafe StoredKeysView(ends: ends.base, bytes: bytes.base) }
}

/// Where keys lie in a file that somebody else holds.
@unsafe
struct StoredKeysView {
  let ends: UnsafePointer<UInt64>
  let bytes: UnsafePointer<UInt8>

  /// Lends a key.
  ///
  /// - Parameters:
  ///   - index: Below the number of keys, of a file that is held.
  ///   - body: Gets its bytes, for as long as it runs.
  /// - Returns: What `body` returns.
  @inline(__always)
  func withBytes<Result>(of index: Int, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    // SAFETY: the ends were checked when the file was opened: they ascend, and the last one is that of the bytes.
    let start = unsafe Int(index == 0 ? 0 : ends[index - 1])
    return try unsafe body(Span(_unsafeStart: bytes + start, count: Int(ends[index]) - start))
  }
}
