import ArgumentParser
import Foundation
import VectorFiles
import VectorIndex
import VectorKernels

/// A folder of rows and queries, perhaps with their exact neighbours and every row's member.
///
/// `base` (or `train`) and `queries` (`query`, `test`) are `.npy`, `.fvecs` or `.fbin`; `neighbors` (`groundtruth`) is `.npy`, `.ivecs` or
/// `.ibin`, nearest first; `member.npy` holds one number a row.
struct DataFolder {
  let path: String
  let metric: Metric
  let rowCount: Int
  let dimension: Int
  /// How rows are stored: half precision if the file has that, single otherwise.
  let elementType: ElementType
  /// The queries, one after another.
  let queries: [Float]

  private let basePath: String

  var name: String { URL(fileURLWithPath: path).lastPathComponent }
  var queryCount: Int { queries.count / dimension }

  /// Reads the queries and what the header of the rows says.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - metric: How closeness is measured; without it inner product for rows of unit length and Euclidean for others.
  ///   - limit: Take only the first so many queries.
  /// - Throws: `FileError` if a file is none of its kind; `ValidationError` if there is none.
  init(_ path: String, metric: Metric? = nil, queries limit: Int? = nil) throws {
    self.path = path
    basePath = try Self.find(["base", "train"], [".npy", ".fvecs", ".bvecs", ".fbin"], in: path)
    let base = try VectorFile.open(basePath)
    dimension = base.dimension
    rowCount = base.count ?? 0
    elementType = base.scalar == .float16 ? .float16 : .float32
    let queryPath = try Self.find(["queries", "query", "test"], [".npy", ".fvecs", ".bvecs", ".fbin"], in: path)
    let reader = try VectorFile.open(queryPath, dimension: dimension)
    var block = VectorBlock()
    try reader.read(upTo: min(limit ?? .max, reader.count ?? 0), into: &block)
    queries = block.vectors
    try base.read(upTo: 1000, into: &block)
    self.metric = metric ?? (Self.haveUnitLength(block) ? .innerProduct : .euclidean)
  }

  /// The numbers of one query.
  func query(_ number: Int) -> Range<Int> { number * dimension..<(number + 1) * dimension }

  /// Hands out the rows, a block at a time.
  func forEachBlock(_ body: (VectorBlock) throws -> Void) throws {
    let reader = try VectorFile.open(basePath)
    var block = VectorBlock()
    while try reader.read(upTo: 10_000, into: &block) > 0 { try body(block) }
  }

  /// All rows, one after another.
  func rows() throws -> [Float] {
    var rows: [Float] = []
    rows.reserveCapacity(rowCount * dimension)
    try forEachBlock { rows += $0.vectors }
    return rows
  }

  /// The member of every row, if the folder says.
  func members() throws -> [Int]? {
    let file = "\(path)/member.npy"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    var numbers: [Int64] = []
    try IntegerFile.openLabels(file).read(upTo: rowCount, into: &numbers)
    return numbers.map { Int($0) }
  }

  /// The exact neighbours of every query, if the folder has at least `k`.
  func neighbors(k: Int) throws -> [[UInt32]]? {
    let names = ["neighbors", "neighbours", "groundtruth", "gt"]
    guard let file = try? Self.find(names, [".npy", ".ivecs", ".ibin"], in: path) else { return nil }
    let reader = try IntegerFile.openTable(file)
    guard reader.columns >= k, reader.count >= queryCount else { return nil }
    var numbers: [Int64] = []
    try reader.read(upTo: queryCount, into: &numbers)
    return (0..<queryCount).map { query in
      numbers[query * reader.columns..<query * reader.columns + k].map { UInt32(clamping: $0) }
    }
  }

  private static func find(_ names: [String], _ endings: [String], in folder: String) throws -> String {
    for name in names {
      for ending in endings {
        let path = "\(folder)/\(name)\(ending)"
        if FileManager.default.fileExists(atPath: path) { return path }
      }
    }
    throw ValidationError("\(folder) has no file \(names[0])\(endings[0]), or with ending \(endings.dropFirst())")
  }

  private static func haveUnitLength(_ block: VectorBlock) -> Bool {
    (0..<block.rowCount).allSatisfy { row in
      abs(block.vectors[block.range(of: row)].reduce(0) { $0 + $1 * $1 }.squareRoot() - 1) < 0.01
    }
  }
}
