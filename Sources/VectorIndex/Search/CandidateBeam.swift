/// The nearest rows that a walk has seen so far, nearest first, and which of them it has expanded.
///
/// A sorted array of fixed width. An entry is one number: the rank in the upper half, in an order that integers have, then the ordinal,
/// then whether it was expanded. Equal ranks are thereby ordered by ordinal, and an insertion moves plain numbers.
@safe
struct CandidateBeam: ~Copyable, @unchecked Sendable {
  private let entries: AlignedBuffer<UInt64>
  /// The most entries that the beam may hold.
  let capacity: Int
  /// How many are kept.
  private(set) var width = 0
  /// How many there are.
  private(set) var count = 0
  /// The first place that has not been expanded; ``count`` when all have.
  private var cursor = 0
  private var horizon = SearchHorizon.none
  /// Rows beyond this rank are of no interest any more.
  private(set) var bound = Float.infinity

  init(capacity: Int) {
    self.capacity = capacity
    entries = AlignedBuffer(zeroed: capacity + 1)
  }

  /// Forgets everything.
  ///
  /// - Parameters:
  ///   - width: How many rows are kept from now on.
  ///   - horizon: How far beyond the best ones rows are of interest.
  mutating func begin(width: Int, horizon: SearchHorizon = .none) {
    precondition(width >= 1 && width <= capacity)
    self.width = width
    self.horizon = horizon
    count = 0
    cursor = 0
    bound = .infinity
  }

  /// Considers a row.
  ///
  /// - Returns: Whether it is now the one that would be expanded next.
  @inline(__always)
  @discardableResult
  mutating func insert(_ ordinal: UInt32, rank: Float) -> Bool {
    let entry = Self.entry(ordinal, rank)
    // SAFETY: 0 <= count <= width <= capacity, and there is room for capacity + 1 entries.
    let base = unsafe entries.base
    if count == width {
      guard unsafe entry < base[count - 1] else { return false }
      count -= 1
    }
    var place = count
    while place > 0, unsafe base[place - 1] > entry {
      unsafe base[place] = base[place - 1]
      place -= 1
    }
    unsafe base[place] = entry
    count += 1
    if count == width { bound = self.rank(at: count - 1) }
    if count >= horizon.k { bound = min(bound, horizon.limit(ofRank: self.rank(at: horizon.k - 1))) }
    guard place <= cursor else { return false }
    cursor = place
    return true
  }

  /// Takes the nearest row that has not been expanded, and counts it as expanded; nil when there is none.
  @inline(__always)
  mutating func popNearest() -> UInt32? {
    let base = unsafe entries.base
    guard cursor < count, rank(at: cursor) <= bound else { return nil }
    // SAFETY: the cursor stays below the count.
    let ordinal = unsafe Self.ordinal(base[cursor])
    unsafe base[cursor] |= 1
    cursor += 1
    while cursor < count, unsafe base[cursor] & 1 == 1 { cursor += 1 }
    return ordinal
  }

  /// Takes out the rows whose ranks are not below a bound.
  @inline(__always)
  mutating func removeBeyond(_ bound: Float) {
    while count > 0, rank(at: count - 1) >= bound { count -= 1 }
    cursor = min(cursor, count)
  }

  /// The rank of the row that ``popNearest()`` would take; infinity when there is none.
  @inline(__always)
  mutating func nearestRank() -> Float {
    let base = unsafe entries.base
    // SAFETY: the cursor stays below the count.
    while cursor < count, unsafe base[cursor] & 1 == 1 { cursor += 1 }
    guard cursor < count, rank(at: cursor) <= bound else { return .infinity }
    return rank(at: cursor)
  }

  /// The row that would be expanded next, as far as is known now.
  @inline(__always)
  func peekNearest() -> UInt32? {
    guard cursor < count, rank(at: cursor) <= bound else { return nil }
    // SAFETY: the cursor is below the count.
    return unsafe Self.ordinal(entries.base[cursor])
  }

  /// The ordinal at a place.
  @inline(__always)
  func ordinal(at place: Int) -> UInt32 {
    precondition(place < count)
    // SAFETY: checked on the line above.
    return unsafe Self.ordinal(entries.base[place])
  }

  /// The rank at a place.
  @inline(__always)
  func rank(at place: Int) -> Float {
    precondition(place < count)
    // SAFETY: checked on the line above.
    let ordered = unsafe UInt32(entries.base[place] >> 32)
    return Float(bitPattern: ordered & 0x8000_0000 != 0 ? ordered ^ 0x8000_0000 : ~ordered)
  }

  @inline(__always)
  private static func entry(_ ordinal: UInt32, _ rank: Float) -> UInt64 {
    let bits = rank.bitPattern
    // Floats compare like their bits once those of negative ones are turned over.
    let ordered = bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
    return UInt64(ordered) << 32 | UInt64(ordinal) << 1
  }

  @inline(__always)
  private static func ordinal(_ entry: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: entry) >> 1
  }
}
