import ArgumentParser
import Foundation
import VectorFiles
import VectorIndex

/// Makes a set to measure on.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Writes vectors like those of video frames, their members, queries and exact neighbours.",
    discussion: "Nothing is written if the folder is there already.")

  @Argument(help: "The folder to create.")
  var folder: String

  @Option(help: "How many rows.")
  var rows = 50_000

  @Option(help: "Numbers a row.")
  var dimension = 256

  @Option(help: "How many queries.")
  var queries = 1000

  @Option(help: "Another seed gives another set.")
  var seed: UInt64 = 1

  private static let memberCount = 32

  func run() throws {
    guard !FileManager.default.fileExists(atPath: "\(folder)/neighbors.ivecs") else { return }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var generator = FrameGenerator(dimension: dimension, themes: 600, seed: seed)
    let (base, themes) = generator.rows(rows)
    let (asked, _) = generator.rows(queries)
    try NpyWriter.write("\(folder)/base.npy", vectors: base.span, dimension: dimension, precision: .float16)
    try NpyWriter.write("\(folder)/queries.npy", vectors: asked.span, dimension: dimension, precision: .float16)
    try NpyWriter.write("\(folder)/member.npy", labels: members(of: themes).span)
    try writeNeighbors()
    print("\(folder): \(rows) rows and \(queries) queries of \(dimension) numbers.")
  }

  /// Every theme belongs to a member, and a tenth of the rows to one that has nothing to do with their theme.
  private func members(of themes: [Int]) -> [Int32] {
    var random = SplitMix64(seed: seed &+ 1)
    func zipf() -> Int32 {
      let total = (1...Self.memberCount).reduce(0) { $0 + 1 / Double($1) }
      var rest = random.unit() * total
      for member in 1..<Self.memberCount {
        rest -= 1 / Double(member)
        if rest < 0 { return Int32(member - 1) }
      }
      return Int32(Self.memberCount - 1)
    }
    let owners = (0...(themes.max() ?? 0)).map { _ in zipf() }
    return themes.map { theme in random.unit() < 0.1 ? zipf() : owners[theme] }
  }

  /// Twenty a query, as `.ivecs`.
  private func writeNeighbors() throws {
    let data = try DataFolder(folder, metric: .innerProduct)
    var bytes = Data()
    for list in try Truth(data).nearest(queries: data.queryCount, k: 20) {
      for number in [UInt32(list.count)] + list.map(\.ordinal) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    try bytes.write(to: URL(fileURLWithPath: "\(folder)/neighbors.ivecs"))
  }
}
