/// Which rows a walk has seen.
///
/// Every row has one byte with the number of the walk that saw it last, so that beginning a walk costs nothing; every 255th one clears
/// them all.
@safe
struct VisitedMarks: ~Copyable, @unchecked Sendable {
  private let marks: AlignedBuffer<UInt8>
  private var generation: UInt8 = 0

  init(count: Int) {
    marks = AlignedBuffer(zeroed: count)
  }

  /// How many rows can be marked.
  var count: Int { marks.count }

  /// Forgets all marks.
  mutating func begin() {
    generation &+= 1
    guard generation == 0 else { return }
    // SAFETY: the buffer has `count` bytes.
    unsafe marks.base.update(repeating: 0, count: marks.count)
    generation = 1
  }

  /// Marks a row; answers whether it was not marked before.
  ///
  /// The caller keeps the ordinal below ``count``.
  @inline(__always)
  mutating func insert(_ ordinal: UInt32) -> Bool {
    // SAFETY: the caller keeps the ordinal below the count.
    let isNew = unsafe marks.base[Int(ordinal)] != generation
    unsafe marks.base[Int(ordinal)] = generation
    return isNew
  }

  /// Copies the rows of a list that were not marked, and marks them.
  ///
  /// - Parameters:
  ///   - list: `count` ordinals below ``count``, ending early at ``ProximityGraph/none``.
  ///   - count: How long the list is.
  ///   - out: Room for `count` ordinals.
  /// - Returns: How many were copied.
  @inline(__always)
  mutating func takeNew(
    _ list: UnsafePointer<UInt32>, count: Int, into out: UnsafeMutablePointer<UInt32>
  ) -> Int {
    // SAFETY: the caller's promise about the list; each step writes at most one more ordinal than it reads.
    let marks = unsafe self.marks.base
    let (limit, generation) = (UInt32(self.marks.count), generation)
    var found = 0
    for place in 0..<count {
      let ordinal = unsafe list[place]
      // Also holds for `none`, and keeps a damaged edge from reading beyond the marks.
      guard ordinal < limit else { break }
      unsafe out[found] = ordinal
      let isNew = unsafe marks[Int(ordinal)] != generation
      unsafe marks[Int(ordinal)] = generation
      found += isNew ? 1 : 0
    }
    return found
  }
}
