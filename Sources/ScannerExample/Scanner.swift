import Foundation
import KagamiClient
import VectorFiles

@main
struct Scanner {
  static func main() async {
    do {
      try await scan(catalogue: CommandLine.arguments[1], path: CommandLine.arguments[2])
    } catch ClientError.engineExited(let exit) {
      complain("\(exit)")
      if case .code(let code) = exit.status, code != 0 { Foundation.exit(code) }
      Foundation.exit(70)
    } catch {
      complain("\(error)")
      Foundation.exit(65)
    }
  }

  static func scan(catalogue: String, path: String) async throws {
    let reader = try VectorFile.open(path)
    var options = SearchOptions(k: 1)
    options.scoreThreshold = 0.65
    try await KagamiClient.withEngine(executable: "kagami", arguments: ["serve", catalogue]) { client in
      var block = VectorBlock()
      while try reader.read(upTo: 4096, into: &block) > 0 {
        let results = try await client.searchAll(
          vectors: Array(block.vectors.prefix(block.rowCount * block.dimension)), dimension: block.dimension,
          options: options, vectorsPerRequest: 64)
        for (row, result) in results.enumerated() {
          for hit in result.hits {
            print(block.firstRow + row, hit.score, hit.member ?? "", hit.work ?? "", hit.key, separator: "\t")
          }
        }
      }
    }
  }

  static func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
