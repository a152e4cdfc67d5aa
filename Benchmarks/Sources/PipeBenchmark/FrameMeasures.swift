import Foundation
import KagamiClient

/// The pipe against the same searches in one process: the engine on one processor, the caller on the other, in turn.
struct FrameMeasures {
  private let engine: String
  private let folder: String
  private let index: FrameIndex
  private let k = 10
  private let recall = 0.95

  /// Imports and builds a catalogue of a folder with `base.npy` and `queries.npy`.
  init(engine: String, data: String, in folder: String) throws {
    (self.engine, self.folder) = (engine, folder)
    try FileManager.default.createDirectory(atPath: "\(folder)/rows", withIntermediateDirectories: true)
    let catalogue = Self.catalogue(folder)
    for arguments in [["import", catalogue, "--vectors", "\(data)/base.npy"], ["build", catalogue]] {
      let process = try Process.run(URL(fileURLWithPath: engine), arguments: arguments)
      process.waitUntilExit()
      guard process.terminationStatus == 0 else { throw CocoaError(.featureUnsupported) }
    }
    index = try FrameIndex(data, in: "\(folder)/rows")
  }

  private static func catalogue(_ folder: String) -> String { "\(folder)/frames.kagami" }

  /// The engine on the first processor; this process is on the second one if it was started so.
  private var command: [String] { ["taskset", "-c", "0", engine, "serve", Self.catalogue(folder), "--threads", "1"] }

  private func request(_ number: Int, _ vector: String) -> [UInt8] {
    Array(
      #"{"jsonrpc":"2.0","id":\#(number),"method":"search","params":{"vector":\#(vector),"k":10,"target_recall":0.95}}"#
        .utf8)
      + [10]
  }

  /// Lines with every query, as base64 or as numbers of nine digits.
  private func lines(asNumbers: Bool) -> [[UInt8]] {
    (0..<index.queries.count / index.dimension).map { query in
      let numbers = index.queries[query * index.dimension..<(query + 1) * index.dimension]
      let text =
        asNumbers
        ? "[" + numbers.map { String(format: "%.9g", $0) }.joined(separator: ",") + "]"
        : #"{"b64":"\#(numbers.withUnsafeBytes { Data($0) }.base64EncodedString())","dtype":"f32le"}"#
      return request(query, text)
    }
  }

  /// One figure of the report.
  struct Figure: Sendable {
    var name: String
    var value: Double
    var unit: String
    var goal: String?
  }

  /// Measures everything.
  func run() async throws -> [Figure] {
    var figures: [Figure] = []
    func add(_ name: String, _ value: Double, _ unit: String, goal: String? = nil) {
      figures.append(Figure(name: name, value: value, unit: unit, goal: goal))
    }
    let count = Double(index.queries.count / index.dimension)
    let base64 = lines(asNumbers: false)
    let arrays = lines(asNumbers: true)
    let plain = try PlainPipe(command)
    var options = SearchOptions(k: k)
    options.targetRecall = Float(recall)
    let asked = options
    var seconds: [String: [Double]] = [:]
    for round in 0..<6 {
      let inProcess = try index.seconds(k: k, targetRecall: recall)
      let packed = plain.seconds(for: base64)
      let numbers = plain.seconds(for: arrays)
      let client = try await KagamiClient.withEngine(executable: "/usr/bin/env", arguments: command) { client in
        _ = try await client.searchAll(
          vectors: Array(index.queries.prefix(index.dimension * 200)), dimension: index.dimension, options: asked)
        let start = ContinuousClock.now
        _ = try await client.searchAll(vectors: index.queries, dimension: index.dimension, options: asked)
        return (ContinuousClock.now - start) / .seconds(1)
      }
      // The first round warms up.
      guard round > 0 else { continue }
      for (name, value) in [("process", inProcess), ("base64", packed), ("arrays", numbers), ("client", client)] {
        seconds[name, default: []].append(value)
      }
    }
    plain.end()
    func best(_ name: String) -> Double { count / (seconds[name]?.min() ?? .infinity) }
    add("in process, one thread, k = 10, target recall .95", best("process"), "/s")
    add("base64, one vector a request, plain caller", best("base64"), "/s")
    add("share of the rate in process", best("base64") / best("process"), "", goal: "≥ 0.60")
    add("512 numbers an array, plain caller", best("arrays"), "/s")
    add("share of the rate in process, arrays", best("arrays") / best("process"), "", goal: "≥ 0.45")
    add("base64, one vector a request, Swift client", best("client"), "/s")
    add("share of the rate in process, Swift client", best("client") / best("process"), "", goal: "≥ 0.60")
    return figures + (try latencies(of: base64))
  }

  /// One request at a time.
  private func latencies(of lines: [[UInt8]]) throws -> [Figure] {
    let count = min(2000, lines.count)
    let direct = try index.latencies(k: k, targetRecall: recall, count: count)
    let plain = try PlainPipe(command)
    let piped = lines[..<count].map { plain.seconds(for: [$0], window: 1) * 1e6 }.sorted()
    plain.end()
    let (alone, asked) = (direct[count / 2], piped[count / 2])
    return [
      Figure(name: "one search at a time in process: median", value: alone, unit: "µs"),
      Figure(name: "one search at a time over the pipe, plain caller: median", value: asked, unit: "µs"),
      Figure(name: "what the pipe adds", value: asked - alone, unit: "µs", goal: "≤ 60"),
      Figure(
        name: "one search at a time over the pipe: 99th percentile", value: piped[count * 99 / 100], unit: "µs"),
    ]
  }
}
