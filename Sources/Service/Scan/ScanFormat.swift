import VectorFiles
import VectorIndex
import WireProtocol

/// How hits are written, by the ending of the output's name.
enum ScanFormat: String {
  /// One object a row of the input.
  case jsonLines = "jsonl"
  /// One line a hit.
  case csv
  /// Scores as a matrix, and the keys beside it.
  case matrix = "npy"

  /// The endings, for a person.
  static let endings = [".jsonl", ".csv", ".npy"]

  /// The format of a file, by its name.
  ///
  /// - Throws: ``ScanError/unknownEnding(file:)``.
  init(of path: String) throws(ScanError) {
    let name = path.lowercased()
    if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
      self = .jsonLines
    } else if name.hasSuffix(".csv") {
      self = .csv
    } else if name.hasSuffix(".npy") {
      self = .matrix
    } else {
      throw .unknownEnding(file: path)
    }
  }

  /// The files that are written: the one that was named, and what lies beside it.
  func files(for output: String) -> [String] {
    self == .matrix ? [output, String(output.dropLast(4)) + ".keys.jsonl"] : [output]
  }

  /// What the output begins with, before any row.
  func header(k: Int?, _ columns: ScanColumns) -> [UInt8] {
    switch self {
    case .jsonLines: []
    case .csv: CSVLayout.header(columns)
    case .matrix: NpyWriter.resizableHeader(rowCount: 0, columns: k ?? 0)
    }
  }
}

/// What is written of a hit beside its names and its score.
struct ScanColumns {
  /// Whether a use of it is permitted.
  var hasPermission: Bool
  /// What is known about its item.
  var hasAttributes: Bool

  init(_ request: ScanRequest) {
    (hasPermission, hasAttributes) = (request.use != nil, request.withAttributes)
  }
}

/// A row that was searched for, as the output names it.
struct ScannedRow {
  /// The file, as the caller named it.
  let file: String
  /// The row within the file, from 0.
  let row: Int
  /// The row's key, where the file has one.
  let key: String?
}

/// Writes hits in one format.
protocol ScanLayout {
  /// Writes what was found for a row.
  ///
  /// - Parameters:
  ///   - hits: In the order of results.
  ///   - row: What was searched for.
  ///   - block: Gets the bytes.
  /// - Throws: `CatalogueError`, or `stale` where what is known about items cannot be asked for any more.
  mutating func write(_ hits: [Neighbor], of row: ScannedRow, to block: ScanBlock) throws

  /// Writes why a row was not searched for.
  mutating func write(refusal: String, of row: ScannedRow, to block: ScanBlock)
}
