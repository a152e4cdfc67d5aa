import Foundation
import VectorFiles

/// First byte: the format; the rest is the file.
enum VectorFileFuzzing {
  private static let endings = ["npy", "fvecs", "bvecs", "fbin", "jsonl"]

  static func run(_ input: [UInt8]) throws {
    guard let format = input.first else { return }
    let path = Scratch.file("vectors.\(endings[Int(format) % endings.count])", input.dropFirst())
    let whole = read(path, upTo: 1000)
    let pieces = read(path, upTo: 3)
    try FuzzFinding.require(whole == pieces, "\(whole) in one piece, \(pieces) in several")
    if case .success(let rows) = whole { try skip(path, rows) }
    // Labels have readers of their own.
    if format % 5 == 0 { try? labels(path) }
  }

  /// What a file says of each row: its numbers by their bits, or that it is refused.
  private static func read(_ path: String, upTo limit: Int) -> Result<[[UInt32]?], FileError> {
    do throws(FileError) {
      let reader = try VectorFile.open(path)
      var (rows, block): ([[UInt32]?], VectorBlock) = ([], VectorBlock())
      while try reader.read(upTo: limit, into: &block) > 0 {
        for row in 0..<block.rowCount {
          let isRefused = if row < block.items.count, case .failure = block.items[row] { true } else { false }
          rows.append(isRefused ? nil : block.vectors[block.range(of: row)].map(\.bitPattern))
        }
      }
      return .success(rows)
    } catch {
      return .failure(error)
    }
  }

  private static func skip(_ path: String, _ rows: [[UInt32]?]) throws {
    let reader = try VectorFile.open(path)
    let half = rows.count / 2
    try reader.skip(rows: half)
    var block = VectorBlock()
    let count = try reader.read(upTo: 1000, into: &block)
    try FuzzFinding.require(count == min(rows.count - half, 1000), "\(count) rows after \(half) of \(rows.count)")
  }

  private static func labels(_ path: String) throws {
    let reader = try IntegerFile.openLabels(path)
    var (numbers, total): ([Int64], Int) = ([], 0)
    while try reader.read(upTo: 100, into: &numbers) > 0 { total += numbers.count }
    try FuzzFinding.require(total == reader.count, "\(total) labels of \(reader.count)")
  }
}
