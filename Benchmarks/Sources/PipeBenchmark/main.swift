import BenchmarkSupport
import Foundation
import KagamiClient
import VectorFiles

// Requests a second over the pipe: a pipelining client and the co-process on the same machine, 1,000 items of 512 numbers.
// With `--data DIR` (base.npy, queries.npy) also against the same searches in one process.
// `taskset -c 1 swift run -c release PipeBenchmark --engine PATH/kagami [--data DIR] [--json FILE]`

func argument(_ name: String) -> String? {
  let arguments = CommandLine.arguments
  guard let at = arguments.firstIndex(of: name), at + 1 < arguments.count else { return nil }
  return arguments[at + 1]
}

guard let engine = argument("--engine") else {
  print("usage: PipeBenchmark --engine PATH/kagami [--data DIR] [--json FILE]")
  exit(64)
}

let (itemCount, dimension, queryCount) = (1000, 512, 20_000)
let folder = FileManager.default.temporaryDirectory.appending(path: "kagami-bench-\(UUID().uuidString)").path
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

func vectors(_ count: Int) -> [Float] { (0..<count * dimension).map { _ in Float.random(in: -1...1) } }

try NpyWriter.write("\(folder)/items.npy", vectors: vectors(itemCount).span, dimension: dimension, precision: .float16)
let importer = try Process.run(
  URL(fileURLWithPath: engine), arguments: ["import", "\(folder)/bench.kagami", "--vectors", "\(folder)/items.npy"])
importer.waitUntilExit()

var report = Report("pipe")
let queries = vectors(queryCount)
let batch = Array(queries[..<(256 * dimension)])
let one = Array(queries[..<dimension])
try await KagamiClient.withEngine(executable: engine, arguments: ["serve", "\(folder)/bench.kagami"]) { client in
  func measure(_ runs: Int, _ body: @Sendable () async throws -> Void) async throws -> Double {
    try await body()
    var rates: [Double] = []
    for _ in 0..<runs {
      let start = ContinuousClock.now
      try await body()
      rates.append((ContinuousClock.now - start) / .seconds(1))
    }
    return rates.sorted()[runs / 2]
  }

  let seconds = try await measure(5) {
    _ = try await client.searchAll(vectors: queries, dimension: dimension, options: SearchOptions(k: 10))
  }
  report.add(
    "pipelined searches of one vector, base64, k = 10, 1,000 items", Double(queryCount) / seconds, "/s", goal: "≥ 15000"
  )

  let batched = try await measure(20) {
    _ = try await client.search(vectors: batch, dimension: dimension, options: SearchOptions(k: 10))
  }
  report.add("256 vectors a request, one request at a time: vectors", 256 / batched, "/s")

  var latencies: [Double] = []
  for _ in 0..<2000 {
    let start = ContinuousClock.now
    _ = try await client.search(vectors: one, dimension: dimension, options: SearchOptions(k: 10))
    latencies.append((ContinuousClock.now - start) / .microseconds(1))
  }
  latencies.sort()
  report.add("one request at a time: median latency", latencies[1000], "µs")
  report.add("one request at a time: 99th percentile", latencies[1980], "µs")
}
if let data = argument("--data") {
  for figure in try await FrameMeasures(engine: engine, data: data, in: folder).run() {
    report.add(figure.name, figure.value, figure.unit, goal: figure.goal)
  }
}
try report.finish()
