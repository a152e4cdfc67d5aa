import Synchronization

/// The memory that one search needs, made once and used for many.
@safe
final class SearchScratch: @unchecked Sendable {
  /// The widest beam of a walk.
  static let maximumWidth = 4096
  /// The most rows that a walk keeps which the query ends.
  static let maximumAdaptiveWidth = 1024

  /// Who walks.
  var searcher: GraphSearcher
  /// Who walks with a filter.
  private(set) lazy var filtered = FilteredScratch(rows: rows, batch: batch)
  /// Who finds all rows in range.
  private(set) lazy var flood = FloodScratch(rows: rows, batch: batch)
  /// Who scans codes.
  var scanner = CodeScanner(width: SearchScratch.maximumWidth)
  /// Where the query is turned into bytes.
  let query: QueryScratch
  /// Rows that are scored exactly.
  let ordinals: AlignedBuffer<UInt32>
  /// Their distances.
  let distances: AlignedBuffer<Float>
  private let rows: Int
  private let batch: Int

  init(for index: GraphIndex) {
    rows = index.graph.count
    batch = max(index.graph.maxDegree, 64)
    searcher = GraphSearcher(rows: rows, batch: batch, width: Self.maximumWidth)
    query = QueryScratch(for: index.codes.quantizer)
    ordinals = AlignedBuffer(zeroed: Self.maximumWidth)
    distances = AlignedBuffer(zeroed: Self.maximumWidth)
  }
}

/// The memory for walks with a filter, made when the first such walk comes.
final class FilteredScratch {
  /// Who walks.
  var searcher: FilteredSearcher

  init(rows: Int, batch: Int) {
    searcher = FilteredSearcher(rows: rows, batch: batch, width: SearchScratch.maximumWidth)
  }
}

/// The memory for floods, made when the first one comes.
final class FloodScratch {
  /// Who spreads.
  var flood: RangeFlood

  init(rows: Int, batch: Int) {
    flood = RangeFlood(rows: rows, batch: batch)
  }
}

/// Scratches that are not in use; a search takes one and gives it back.
final class ScratchPool: Sendable {
  private let free = Mutex<[SearchScratch]>([])

  /// Lends a scratch.
  func withScratch<Result>(for index: GraphIndex, _ body: (SearchScratch) throws -> Result) rethrows -> Result {
    let scratch = free.withLock { $0.popLast() } ?? SearchScratch(for: index)
    defer { free.withLock { $0.append(scratch) } }
    return try body(scratch)
  }
}
