import VectorFiles
import VectorIndex
import WireProtocol

/// Searches for the rows of a block and writes what was found, on one thread.
///
/// Every thread searches for blocks of its own, so that none waits for another; what is found does not depend on who found it.
struct ScanSearcher: Sendable {
  let context: QueryContext
  let engine: Engine
  let format: ScanFormat
  let k: Int?
  let limit: Float
  let effort: SearchEffort
  /// What hits are judged for.
  let use: UseRequest?
  let columns: ScanColumns
  let skipsBadRows: Bool

  /// Matches of one row that are looked for in the first turn; ten times as many in every further one, up to the largest page.
  private static let firstPage = 10_000
  private static let largestPage = 1_000_000
  /// Hits that a block holds at most, about.
  private static let hitsPerBlock = 65_536

  /// The size of a block: enough rows for a product of matrices, few enough that every thread has some.
  ///
  /// - Parameters:
  ///   - total: Rows that there are, where that is known.
  ///   - threads: Who shares them.
  /// - Returns: How many rows.
  func blockSize(total: Int?, threads: Int) -> Int {
    let most = min(128, max(16, Self.hitsPerBlock / (k ?? 1)))
    return total.map { min(most, max(16, $0 / (4 * threads))) } ?? most
  }

  /// Members and works that a thread remembers the terms of, about.
  private static let rememberedWorks = 100_000

  /// Searches; what goes wrong is noted in the block.
  ///
  /// - Parameters:
  ///   - block: What is searched for; gets what was found.
  ///   - terms: What this thread knows of the register.
  func search(_ block: ScanBlock, _ terms: KnownTerms) {
    do {
      let (queries, refused) = try prepare(block)
      guard skipsBadRows || refused.isEmpty else {
        block.failure = block.refusals.first
        return
      }
      let rows = (0..<block.vectors.rowCount).filter { refused[$0] == nil }
      try write(try queries.map { try find($0, rows, block.vectors) } ?? [], refused, block, terms)
    } catch {
      block.failure = error
    }
  }

  // MARK: Rows

  /// The rows that can be searched for, and why the others cannot.
  private func prepare(_ block: ScanBlock) throws -> (queries: PreparedQueries?, refused: [Int: String]) {
    let (vectors, dimension, metric) = (block.vectors, context.snapshot.rows.layout.dimension, context.snapshot.metric)
    let isSound = vectors.items.allSatisfy { if case .success = $0 { true } else { false } }
    if isSound, let all = try? PreparedQueries(vectors.vectors.span, dimension: dimension, metric: metric) {
      return (all, [:])
    }
    var (sound, refused): ([Float], [Int: String]) = ([], [:])
    for row in 0..<vectors.rowCount {
      let numbers = vectors.vectors.span.extracting(vectors.range(of: row))
      if let reason = refusal(of: row, vectors, numbers) {
        refused[row] = reason
        block.refusals.append(.badRow(file: block.file, row: vectors.firstRow + row, reason: reason))
      } else {
        for index in numbers.indices { sound.append(numbers[index]) }
      }
    }
    return (sound.isEmpty ? nil : try PreparedQueries(sound.span, dimension: dimension, metric: metric), refused)
  }

  private func refusal(of row: Int, _ vectors: VectorBlock, _ numbers: Span<Float>) -> String? {
    if row < vectors.items.count, case .failure(let refusal) = vectors.items[row] { return refusal.reason }
    if let column = numbers.indices.first(where: { !numbers[$0].isFinite }) {
      return "number \(column) of the vector is \(numbers[column].isNaN ? "not a number" : "infinite")"
    }
    do {
      _ = try PreparedQueries(numbers, dimension: numbers.count, metric: context.snapshot.metric)
      return nil
    } catch {
      return error.description
    }
  }

  // MARK: Hits

  private func find(_ queries: PreparedQueries, _ rows: [Int], _ vectors: VectorBlock) throws -> [[Neighbor]] {
    if let k {
      return context.searcher.nearest(queries, k: k, effort: effort, within: limit, filter: context.filter)
        .map(\.neighbors)
    }
    let found = context.searcher.matches(queries, within: limit, filter: context.filter, limit: Self.firstPage)
    return try zip(rows, found).map { row, found in
      if found.complete { return found.matches }
      let numbers = vectors.vectors.span.extracting(vectors.range(of: row))
      let query = try PreparedQueries(numbers, dimension: numbers.count, metric: context.snapshot.metric)
      return all(of: query, from: found.matches)
    }
  }

  /// All matches of a row that has more than a page of them.
  private func all(of query: PreparedQueries, from first: [Neighbor]) -> [Neighbor] {
    var (matches, page) = (first, Self.firstPage)
    while let last = matches.last {
      page = min(10 * page, Self.largestPage)
      let more = context.searcher.matches(query, within: limit, filter: context.filter, limit: page, after: last)[0]
      matches += more.matches
      if more.complete { break }
    }
    return matches
  }

  // MARK: Output

  private func write(
    _ found: [[Neighbor]], _ refused: [Int: String], _ block: ScanBlock, _ terms: KnownTerms
  ) throws {
    var layout = layout(for: block.file, try verdicts(on: found, terms))
    var next = 0
    context.snapshot.prefetchNames(of: found)
    for row in 0..<block.vectors.rowCount {
      let name = ScannedRow(file: block.file, row: block.vectors.firstRow + row, key: key(row, of: block.vectors))
      if let reason = refused[row] {
        layout.write(refusal: reason, of: name, to: block)
      } else {
        try context.checkRows(of: found[next], engine)
        try layout.write(found[next], of: name, to: block)
        block.totals.hits += found[next].count
        next += 1
      }
    }
    block.totals.queries = next
    block.totals.refused = refused.count
  }

  private func verdicts(on found: [[Neighbor]], _ terms: KnownTerms) throws -> UseVerdicts? {
    guard let use else { return nil }
    if terms.broad.count > Self.rememberedWorks { terms.forget() }
    return try UseVerdicts(
      of: use, on: found.lazy.joined().lazy.map(\.ordinal), asOf: context.snapshot, engine, terms)
  }

  private func layout(for file: String, _ verdicts: UseVerdicts?) -> any ScanLayout {
    switch format {
    case .jsonLines:
      var options = QueryOptions()
      options.withAttributes = columns.hasAttributes
      return JSONLinesLayout(HitWriter(context, engine, options, .unbounded, verdicts), file: file)
    case .csv: return CSVLayout(context, engine, columns, verdicts)
    case .matrix: return ScoreMatrixLayout(context, columns: k ?? 0)
    }
  }

  private func key(_ row: Int, of vectors: VectorBlock) -> String? {
    guard row < vectors.items.count, case .success(let item) = vectors.items[row] else { return nil }
    return item.key
  }
}
