import VectorKernels

/// The nearest rows that a walk has seen so far, nearest first, and which of them it has expanded.
///
/// A sorted array. An entry is one number: the rank in the upper half, in an order that integers have, then the ordinal, then whether it was
/// expanded. Equal ranks are thereby ordered by ordinal, and an insertion moves plain numbers.
///
/// Under a horizon the array holds what lies within reach, and the best few rows in any case. What may come within reach later is put aside
/// unsorted, which costs next to nothing; once the walk has settled it is looked through.
@safe
struct CandidateBeam: ~Copyable, @unchecked Sendable {
  private let entries: AlignedBuffer<UInt64>
  private let aside: AlignedBuffer<UInt64>
  private let selectKernel: SelectEntriesKernel
  private let insertKernel: InsertEntryKernel
  /// Entries that may be written behind those that were selected.
  static let padding = 16
  /// The most entries that the beam may hold.
  let capacity: Int
  /// How many are kept.
  private(set) var width = 0
  /// How many there are.
  private(set) var count = 0
  /// How many are put aside.
  private var asideCount = 0
  /// The first place that has not been expanded; ``count`` when all have.
  private var cursor = 0
  private var horizon = SearchHorizon.none
  private var slack: Float = 0
  /// Rows within this slack are kept, or put aside.
  private var keptSlack: Float = 0
  /// How many rows the array holds at least, once it has so many.
  private var least = Int.max
  /// What is known of the query once a walk has settled.
  private(set) var traits = QueryTraits.unknown
  /// Rows from this rank on have no place in the beam.
  private(set) var bound = Float.infinity
  /// Rows from this rank on are not put aside either.
  private var keptBound = Float.infinity
  private var mostKept = Float.infinity
  /// Rows beyond this rank are not expanded.
  private var reach = Float.infinity

  init(capacity: Int) {
    self.capacity = capacity
    entries = AlignedBuffer(zeroed: capacity + 1)
    aside = AlignedBuffer(zeroed: capacity)
    // SAFETY: taking a function's address touches no memory.
    unsafe selectKernel = DistanceKernels.active.selectEntries
    unsafe insertKernel = DistanceKernels.active.insertEntry
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
    (slack, least) = (horizon.firstSlack, horizon.leastCount)
    keptSlack = horizon.keptSlack
    (count, asideCount, cursor) = (0, 0, 0)
    traits = .unknown
    bound = .infinity
    // Without a horizon nothing that has no place will ever get one.
    keptBound = horizon.leastCount == .max ? -.infinity : .infinity
    mostKept = .infinity
    reach = .infinity
  }

  /// Considers a row.
  @inline(__always)
  mutating func insert(_ ordinal: UInt32, rank: Float) { insert(Self.entry(ordinal, rank)) }

  /// Puts a row into its place, unless that is behind a full beam.
  @inline(__always)
  private mutating func insert(_ entry: UInt64) {
    // SAFETY: 0 <= count <= width <= capacity, and there is room for capacity + 1 entries.
    let base = unsafe entries.base
    if count == width {
      guard unsafe entry < base[count - 1] else { return }
      count -= 1
    }
    let place = unsafe insertKernel(base, count, entry)
    count += 1
    if count == width { bound = min(bound, self.rank(at: count - 1)) }
    cursor = min(cursor, place)
  }

  /// Makes entries of rows that have, or may get, a place in the beam.
  ///
  /// - Parameters:
  ///   - ranks: One a row.
  ///   - ordinals: The rows.
  ///   - count: How many.
  ///   - out: Room for `count` + ``padding`` entries.
  /// - Returns: How many there are.
  @inline(__always)
  func select(
    _ ranks: UnsafePointer<Float>, of ordinals: UnsafePointer<UInt32>, count: Int,
    into out: UnsafeMutablePointer<UInt64>
  ) -> Int {
    // SAFETY: the caller's promise.
    unsafe selectKernel(ranks, ordinals, count, max(bound, keptBound), out)
  }

  /// Considers a row that was selected: it gets a place, or is put aside.
  @inline(__always)
  mutating func offer(_ entry: UInt64) {
    guard Self.rank(entry) < bound else { return putAside(entry) }
    insert(entry)
  }

  private mutating func putAside(_ entry: UInt64) {
    guard Self.rank(entry) < keptBound else { return }
    if asideCount == capacity { forgetFarHalf() }
    // SAFETY: there is room for `capacity` entries.
    unsafe aside.base[asideCount] = entry
    asideCount += 1
  }

  /// Makes room where more rows were put aside than there is room for.
  private mutating func forgetFarHalf() {
    // SAFETY: so many entries were written.
    var far = unsafe UnsafeMutableBufferPointer(start: aside.base, count: asideCount)
    unsafe far.sort()
    asideCount /= 2
    // SAFETY: the place is the first of the far half.
    mostKept = unsafe Self.rank(aside.base[asideCount])
    keptBound = min(keptBound, mostKept)
  }

  /// Puts back what was put aside and is within reach now, or among the least, and forgets what is of no interest any more.
  private mutating func takeBack() {
    var kept = 0
    for index in 0..<asideCount {
      // SAFETY: `kept` and `index` are below the count; an entry that makes room for another is put where that one was.
      var entry = unsafe aside.base[index]
      if Self.rank(entry) < bound {
        insert(entry)
        let isFull = count > least && rank(at: count - 1) > reach
        if isFull {
          count -= 1
          unsafe entry = entries.base[count]
        }
        drawIn()
        guard isFull else { continue }
      }
      guard Self.rank(entry) < keptBound else { continue }
      unsafe aside.base[kept] = entry
      kept += 1
    }
    cursor = min(cursor, count)
    asideCount = kept
    skipExpanded()
  }

  /// Draws the bounds in to what the best rows found so far leave of interest.
  @inline(__always)
  mutating func tighten() {
    guard count >= least else { return }
    let rank = rank(at: horizon.k - 1)
    reach =
      slack < 0 ? self.rank(at: horizon.expandedCount(slack: slack) - 1) : horizon.limit(rank, slack: slack)
    keptBound = min(horizon.limit(rank, slack: keptSlack), mostKept)
    while count > least, self.rank(at: count - 1) > reach {
      count -= 1
      // SAFETY: the place was below the count.
      unsafe putAside(entries.base[count])
    }
    cursor = min(cursor, count)
    drawIn()
  }

  /// Draws the bound of the array in.
  @inline(__always)
  private mutating func drawIn() {
    guard count >= least else { return }
    bound = max(reach.nextUp, rank(at: least - 1))
    if count == width { bound = min(bound, rank(at: count - 1)) }
  }

  /// Lets a walk that has come to its end go as far as the query's hardness says, once.
  ///
  /// - Returns: Whether there is anything to expand now.
  mutating func settle() -> Bool {
    guard let rule = horizon.rule, slack == horizon.firstSlack, count > 0 else { return false }
    measureTraits()
    let final = rule.knot(traits).slack
    keptSlack = max(final, 0)
    // Whatever the rule says, a walk settles once.
    extend(to: max(final, slack.nextUp))
    return hasNext
  }

  /// Measures how hard the query is, by what has been found so far.
  mutating func measureTraits() {
    guard count > 0 else { return }
    traits = horizon.traits(
      rank(at: 0), rank(at: min(horizon.k, count) - 1), rank(at: min(horizon.leastCount, count) - 1))
  }

  /// Lets a walk expand what lies within a greater slack.
  mutating func extend(to slack: Float) {
    self.slack = slack
    tighten()
    takeBack()
  }

  /// Takes the nearest row that has not been expanded, and counts it as expanded; nil when there is none.
  @inline(__always)
  mutating func popNearest() -> UInt32? {
    let base = unsafe entries.base
    guard hasNext else { return nil }
    // SAFETY: the cursor stays below the count.
    let ordinal = unsafe Self.ordinal(base[cursor])
    unsafe base[cursor] |= 1
    skipExpanded()
    return ordinal
  }

  @inline(__always)
  private mutating func skipExpanded() {
    // SAFETY: the cursor stays below the count.
    let base = unsafe entries.base
    while cursor < count, unsafe base[cursor] & 1 == 1 { cursor += 1 }
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
    skipExpanded()
    guard cursor < count, rank(at: cursor) <= reach else { return .infinity }
    return rank(at: cursor)
  }

  /// The row that would be expanded next, as far as is known now.
  @inline(__always)
  func peekNearest() -> UInt32? {
    guard hasNext else { return nil }
    // SAFETY: the cursor is below the count.
    return unsafe Self.ordinal(entries.base[cursor])
  }

  /// Whether there is a row to be expanded, as far as is known now.
  @inline(__always)
  var hasNext: Bool { cursor < count && rank(at: cursor) <= reach }

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
    return unsafe Self.rank(entries.base[place])
  }

  @inline(__always)
  private static func entry(_ ordinal: UInt32, _ rank: Float) -> UInt64 {
    let bits = rank.bitPattern
    // Floats compare like their bits once those of negative ones are turned over.
    let ordered = bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
    return UInt64(ordered) << 32 | UInt64(ordinal) << 1
  }

  @inline(__always)
  private static func rank(_ entry: UInt64) -> Float {
    let ordered = UInt32(truncatingIfNeeded: entry >> 32)
    return Float(bitPattern: ordered & 0x8000_0000 != 0 ? ordered ^ 0x8000_0000 : ~ordered)
  }

  /// The row of an entry.
  @inline(__always)
  static func ordinal(_ entry: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: entry) >> 1
  }
}
