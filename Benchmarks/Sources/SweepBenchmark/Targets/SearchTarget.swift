import VectorIndex

/// What a sweep measures: an index in a directory that answers queries at an effort.
///
/// To measure another one, write a type like `ExactTarget` in a file of its own and add a case to `TargetKind`.
/// Queries come as plain numbers and leave as row numbers, so that all that a caller pays for is inside the times.
protocol SearchTarget: Sendable {
  /// What tables and plot call it; ours begin with "Kagami".
  static var name: String { get }
  /// What is swept unless the command line says otherwise, from little effort to much.
  ///
  /// What effort means is the target's own affair: a beam's width, for instance.
  static var efforts: [Int] { get }

  /// The recall that an effort asks for; nil where efforts promise none.
  static func askedRecall(effort: Int) -> Double?

  /// Builds an index of all rows in an empty directory.
  static func build(_ data: DataFolder, in directory: String, threads: Int) throws

  /// Opens what `build` wrote.
  ///
  /// - Parameters:
  ///   - directory: Where it is.
  ///   - data: What it was built from; the rows need not be read again.
  ///   - threads: How many threads a batch may use.
  /// - Throws: Whatever the index does.
  init(opening directory: String, of data: DataFolder, threads: Int) throws

  /// The rows nearest to one query, nearest first.
  func search(_ query: Span<Float>, k: Int, effort: Int, filter: SearchFilter?) throws -> [UInt32]

  /// The same for many queries, one after another in `queries`.
  func searchBatch(_ queries: Span<Float>, k: Int, effort: Int) throws -> [[UInt32]]

  /// All rows within a distance of one query.
  func matches(_ query: Span<Float>, within distance: Float, effort: Int) throws -> [UInt32]
}

extension SearchTarget {
  static func askedRecall(effort: Int) -> Double? { nil }
}
