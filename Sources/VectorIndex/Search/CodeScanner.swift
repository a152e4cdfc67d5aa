import VectorKernels

/// Reads the codes of many rows and keeps the nearest.
@safe
struct CodeScanner: ~Copyable, @unchecked Sendable {
  /// Rows scored at a time, a multiple of ``PackedCodes/blockRows``.
  private static let block = 512

  /// The nearest rows of the last scan.
  var beam: CandidateBeam
  /// What the last scan cost.
  private(set) var cost = WalkCost()

  private let dots: AlignedBuffer<Int32>
  private let ranks: AlignedBuffer<Float>
  private let selected: AlignedBuffer<UInt32>

  /// The memory for scans.
  ///
  /// - Parameter width: The most rows that are kept.
  init(width: Int) {
    beam = CandidateBeam(capacity: width)
    dots = AlignedBuffer(zeroed: Self.block)
    ranks = AlignedBuffer(zeroed: Self.block)
    selected = AlignedBuffer(zeroed: Self.block + 16)
  }

  /// Fills the beam with the nearest of some rows.
  ///
  /// - Parameters:
  ///   - packed: The rows with copies of their codes.
  ///   - scorer: Bound to the query and to the codes of the copies' originals.
  ///   - width: How many rows the beam keeps.
  /// - Complexity: O(rows · *b*) for codes of *b* bytes.
  /// - Allocates: Nothing.
  mutating func scan(_ packed: PackedCodes, towards scorer: CodeScorer, width: Int) {
    begin(width: width, rows: packed.ordinals.count)
    let total = packed.ordinals.count
    for start in stride(from: 0, to: total, by: Self.block) {
      let count = min(Self.block, total - start)
      // SAFETY: the block lies within the packed rows; there is room for a block of sums and ranks.
      unsafe scorer.ranks(packed, from: start, count: count, dots: dots.base, into: ranks.base)
      unsafe keep(packed.ordinals.base + start, count: count)
    }
  }

  /// Fills the beam with the nearest of some rows, whose codes lie where they are.
  ///
  /// - Parameters:
  ///   - ordinals: The rows.
  ///   - scorer: Bound to the query and to their codes.
  ///   - width: How many rows the beam keeps.
  /// - Allocates: Nothing.
  mutating func scan(_ ordinals: MemoryBlock<UInt32>, towards scorer: CodeScorer, width: Int) {
    begin(width: width, rows: ordinals.count)
    for start in stride(from: 0, to: ordinals.count, by: Self.block) {
      let count = min(Self.block, ordinals.count - start)
      // SAFETY: nodes of the graph have codes; there is room for a block of sums and ranks.
      unsafe scorer.ranks(of: ordinals.base + start, count: count, dots: dots.base, into: ranks.base)
      unsafe keep(ordinals.base + start, count: count)
    }
  }

  private mutating func begin(width: Int, rows: Int) {
    beam.begin(width: width)
    cost = WalkCost()
    cost.estimates = rows
  }

  /// Offers a block to the beam: what does not beat its last row is left out many at a time.
  private mutating func keep(_ ordinals: UnsafePointer<UInt32>, count: Int) {
    // SAFETY: `count` ranks were written and are turned over in place; `selected` has the 16 extra entries the kernel asks for.
    let scores = unsafe ranks.base
    for index in 0..<count { unsafe scores[index] = -scores[index] }
    let select = unsafe DistanceKernels.active.selectAtLeast
    var start = 0
    // A beam that is not full has no bound yet: a first few rows give it one.
    while start < count, beam.bound == .infinity {
      unsafe beam.insert(ordinals[start], rank: -scores[start])
      start += 1
    }
    let found = unsafe select(scores + start, nil, count - start, -beam.bound, selected.base)
    for index in 0..<found {
      let place = unsafe start + Int(selected.base[index])
      unsafe beam.insert(ordinals[place], rank: -scores[place])
    }
  }
}
