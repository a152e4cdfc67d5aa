import Foundation
import TestSupport
import VectorIndex

/// The input is a list of edits of a sound snapshot file (see ``Edits``); checksums are made right afterwards, so that what lies behind them is reached.
enum SnapshotFuzzing {
  private struct Base {
    let snapshot: IndexSnapshot
    let bytes: [UInt8]
    let places: [Range<Int>]
    let queries: PreparedQueries
    /// Of every row to each query.
    let distances: [[UInt32: Float]]
  }

  private static let catalogue = CatalogueID(bytes: Array(1...16))
  private static let dimension = 32
  private static let base = Result { try makeBase() }

  private static func makeBase() throws -> Base {
    var random = SeededGenerator(seed: 7)
    let count = 200
    let vectors = random.vectors(count, dimension: dimension)
    let layout = RowLayout(dimension: dimension, elementType: .float16)
    let folder = "\(Scratch.directory)/rows"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var rows = EncodedRows(layout: layout, metric: .cosine)
    for row in 0..<count { try rows.append(vectors.span.extracting(row * dimension..<(row + 1) * dimension)) }
    var appender = RowAppender(directory: folder, layout: layout, catalogue: catalogue, count: 0)
    _ = try appender.append(rows)
    let store = try RowStore(directory: folder, layout: layout, catalogue: catalogue, count: 0)
    var snapshot = IndexSnapshot(metric: .cosine, rows: store)
    try snapshot.growRows(to: count)
    for row in 0..<count {
      snapshot.append(key: Array("k\(row)".utf8).span, work: UInt32(row % 7), member: UInt32(row % 3))
    }
    var configuration = IndexConfiguration()
    configuration.maxDegree = 8
    guard let graph = IndexBuilder(snapshot, configuration: configuration, workers: WorkerPool(width: 1)).build() else {
      throw FuzzFinding("no graph was built")
    }
    let path = "\(Scratch.directory)/base"
    let writer = try SnapshotWriter(path: path, catalogue: catalogue)
    try snapshot.write(to: writer)
    try graph.write(to: writer)
    try writer.finish(sequence: 1, rowCount: count)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let queries = try PreparedQueries(
      random.vectors(10, dimension: dimension).span, dimension: dimension, metric: .cosine)
    let truth = FlatSearcher(snapshot, workers: WorkerPool(width: 1)).nearest(
      queries, k: count, in: RowSelection(first: count))
    return Base(
      snapshot: snapshot, bytes: bytes, places: [12..<64, 96..<96 + 40 * sections(bytes)] + ranges(bytes),
      queries: queries, distances: truth.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.ordinal, $0.distance) }) })
  }

  static func run(_ input: [UInt8]) throws {
    let base = try base.get()
    var bytes = base.bytes
    Edits.apply(input, to: &bytes, in: base.places)
    seal(&bytes)
    guard let state = try? open(Scratch.file("snapshot", bytes), base.snapshot.rows) else { return }
    try search(state, base, way: Int(input.last ?? 0) % 3)
  }

  private static func open(_ path: String, _ rows: RowStore) throws(IndexError) -> IndexSnapshot {
    let reader = try SnapshotReader(path: path, catalogue: catalogue)
    var state = try IndexSnapshot(reading: reader, metric: .cosine, rows: rows, memberCount: 3, workCount: 7)
    state.attach(try GraphIndex.read(from: reader, dimension: dimension, metric: .cosine))
    return state
  }

  /// Ten searches with and without a filter by one way to plan: whatever the codes say, hits are live rows, in order, with the scores of the stored rows.
  private static func search(_ state: IndexSnapshot, _ base: Base, way: Int) throws {
    var some = state.live
    for row in stride(from: 0, to: UInt32(some.count), by: 3) { some.remove(row) }
    // As it is, always scanning, always walking.
    var planner = QueryPlanner()
    (planner.hopCost, planner.exactRows) = [(230, 96), (1 << 20, 0), (0, 0)][way]
    let searcher = IndexSearcher(state, workers: WorkerPool(width: 1), planner: planner)
    for filter in [nil, SearchFilter(allowed: some)] {
      let found = searcher.nearest(base.queries, k: 10, filter: filter).map(\.neighbors)
      for (query, neighbors) in found.enumerated() {
        for neighbor in neighbors {
          try FuzzFinding.require(state.live[neighbor.ordinal], "row \(neighbor.ordinal) is not live")
          let isExact = base.distances[query][neighbor.ordinal] == neighbor.distance
          try FuzzFinding.require(isExact, "row \(neighbor.ordinal) has a wrong score")
          _ = state.keys[neighbor.ordinal].utf8.count + Int(state.works[neighbor.ordinal] >> 31)
        }
        let isSorted = zip(neighbors, neighbors.dropFirst()).allSatisfy { $0.distance <= $1.distance }
        try FuzzFinding.require(
          isSorted && Set(neighbors.map(\.ordinal)).count == neighbors.count, "wrong order, or twice the same")
      }
    }
    _ = searcher.within(.infinity, of: base.queries, limit: 50)
    _ = searcher.groups(base.queries, k: 5, size: 2)
    _ = state.graph?.statistics(live: state.live)
  }

  // MARK: The file

  private static func sections(_ bytes: [UInt8]) -> Int { min(99, Int(bytes.number(at: 12, bytes: 4))) }

  /// Where the sections lie, as far as the table can be believed.
  private static func ranges(_ bytes: [UInt8]) -> [Range<Int>] {
    (0..<sections(bytes)).map { entry in
      let place = 96 + 40 * entry
      let (offset, length) = (bytes.number(at: place + 16, bytes: 8), bytes.number(at: place + 24, bytes: 8))
      guard offset <= UInt64(bytes.count), length <= UInt64(bytes.count) - offset else { return 0..<0 }
      return Int(offset)..<Int(offset + length)
    }
  }

  /// Makes all checksums right, as far as the header still says where they are; no section is longer than a block.
  private static func seal(_ bytes: inout [UInt8]) {
    let list = bytes.number(at: 56, bytes: 8)
    if list < UInt64(bytes.count) {
      var at = Int(list)
      for range in ranges(bytes) where !range.isEmpty && at + 4 <= bytes.count {
        bytes.store(Checksum.of(bytes.span.extracting(range)), at: at)
        at += 4
      }
      bytes.store(Checksum.of(bytes.span.extracting(Int(list)..<bytes.count)), at: 64)
    }
    bytes.store(Checksum.of(bytes.span.extracting(0..<4092)), at: 4092)
  }
}
