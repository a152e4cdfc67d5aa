import BenchmarkSupport
import Foundation
import KagamiClient
import VectorFiles

/// Searches of real vectors through a graph, one a request, with the engine on one core and the client on another.
func measureFrames(_ data: String, engine: String, folder: String, into report: inout Report) async throws {
  let catalogue = "\(folder)/frames.kagami"
  for arguments in [["import", catalogue, "--vectors", "\(data)/base.npy"], ["build", catalogue]] {
    let command = Process()
    (command.executableURL, command.arguments) = (URL(fileURLWithPath: engine), arguments)
    command.standardOutput = FileHandle.nullDevice
    try command.run()
    command.waitUntilExit()
  }
  let file = try VectorFile.open("\(data)/queries.npy")
  let (queries, dimension) = (try file.allVectors(), file.dimension)
  var options = SearchOptions(k: 10)
  options.targetRecall = 0.95
  let arguments = ["-c", "0", engine, "serve", catalogue, "--threads", "1"]
  let rates = try await KagamiClient.withEngine(executable: "taskset", arguments: arguments) { client in
    var rates: [String: Double] = [:]
    for (name, size) in [("1 vector", 1), ("32 vectors", 32), ("256 vectors", 256)] {
      var runs: [Double] = []
      for _ in 0..<6 {
        let start = ContinuousClock.now
        _ = try await client.searchAll(
          vectors: queries, dimension: dimension, options: options, vectorsPerRequest: size)
        runs.append(Double(queries.count / dimension) / ((ContinuousClock.now - start) / .seconds(1)))
      }
      rates[name] = runs.dropFirst().max()
    }
    return rates
  }
  for (name, rate) in rates.sorted(by: { $0.key < $1.key }) {
    report.add("frames, \(name) a request, target recall 0.95, engine on one core: vectors", rate, "/s")
  }
}
