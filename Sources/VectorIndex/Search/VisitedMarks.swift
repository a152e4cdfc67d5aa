import VectorKernels

/// Which rows a walk has seen.
///
/// Every row has one byte with the number of the walk that saw it last, so that beginning a walk costs nothing; every 255th one clears
/// them all.
@safe
struct VisitedMarks: ~Copyable, @unchecked Sendable {
  private let marks: AlignedBuffer<UInt8>
  private var generation: UInt8 = 0
  private let takeNewKernel: TakeNewKernel

  init(count: Int) {
    marks = AlignedBuffer(zeroed: count)
    // SAFETY: taking a function's address touches no memory.
    unsafe takeNewKernel = DistanceKernels.active.takeNew
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
    // SAFETY: the caller's promise about list and room; the limit keeps a damaged edge from reading beyond the marks.
    unsafe takeNewKernel(marks.base, UInt32(self.count), generation, list, count, out)
  }
}
