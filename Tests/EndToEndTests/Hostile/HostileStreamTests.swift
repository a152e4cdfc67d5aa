import Foundation
import TestSupport
import Testing

/// The stream of a hostile script, cut anywhere, read now and then: exactly one answer for each line, and the edits are as if nothing had been.
@Suite struct HostileStreamTests {
  /// Seconds to go on for, over all seeds; a few unless `KAGAMI_HOSTILE_SECONDS` says more.
  private static let seconds = ProcessInfo.processInfo.environment["KAGAMI_HOSTILE_SECONDS"].flatMap(Double.init) ?? 5

  @Test func `Every line gets exactly one answer, whatever is sent and however`() throws {
    let environment = ProcessInfo.processInfo.environment
    let named = environment["KAGAMI_SEED"].flatMap(UInt64.init)
    let deadline = ContinuousClock.now + .seconds(Self.seconds)
    var seed = named ?? UInt64.random(in: 0...UInt64.max / 2)
    var streams = 0
    repeat {
      try run(seed)
      streams += 1
      seed += 1
    } while ContinuousClock.now < deadline && named == nil
    #expect(streams > 0)
  }

  private func run(_ seed: UInt64) throws {
    let process = try SampleCatalogue().serve()
    var script = HostileScript(seed: seed)
    var random = SeededGenerator(seed: seed ^ 0xABCD)
    var due: [Int?: Int] = [:]
    var all: [String] = []
    for _ in 0..<Int.random(in: 3...10, using: &random) {
      let lines = (0..<Int.random(in: 1...200, using: &random)).map { _ in script.next() }
      for line in lines { due[line.id, default: 0] += 1 }
      let stream = lines.flatMap { line -> [UInt8] in line.bytes + (Bool.random(using: &random) ? [13, 10] : [10]) }
      let answers = try Self.exchange(process, stream, count: lines.count, &random)
      try #require(answers.count == lines.count, "seed \(seed)")
      for answer in answers { try Self.count(answer, &due, seed) }
      all += answers
    }
    #expect(due.values.allSatisfy { $0 == 0 }, "seed \(seed): \(due.filter { $0.value != 0 })")
    try Self.check(script, all, process, seed)
    process.closeInput()
    #expect(try process.rest().isEmpty, "seed \(seed): more answers than lines")
    #expect(try process.waitForEnd() == .exit(0), "seed \(seed)")
  }

  /// Writes in pieces of random lengths, and reads whenever chance wants it, or nothing more can be written.
  private static func exchange(
    _ process: EngineProcess, _ stream: [UInt8], count: Int, _ random: inout SeededGenerator
  ) throws -> [String] {
    var (done, answers): (Int, [String]) = (0, [])
    while done < stream.count {
      let length = [1, 7, 100, 5_000, 60_000].randomElement(using: &random) ?? 1
      let piece = Array(stream[done..<min(done + length, stream.count)])
      let written = process.write(piece, within: .milliseconds(20))
      done += written
      if written < piece.count || Int.random(in: 0..<4, using: &random) == 0 {
        while answers.count < count, process.hasOutput(within: .milliseconds(written < piece.count ? 50 : 0)),
          let line = try? process.line(within: .milliseconds(200))
        { answers.append(line) }
      }
    }
    return try answers + process.lines(count - answers.count)
  }

  private static func count(_ answer: String, _ due: inout [Int?: Int], _ seed: UInt64) throws {
    let object = try #require(try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any])
    let error = object["error"] as? [String: Any]
    #expect((object["result"] != nil) != (error != nil), "seed \(seed): \(answer)")
    let id = object["id"] as? Int ?? (error?["data"] as? [String: Any])?["id"] as? Int
    try #require(
      due[id, default: 0] > 0, "seed \(seed): one answer too many under \(String(describing: id)): \(answer)")
    due[id, default: 0] -= 1
    if let kind = (error?["data"] as? [String: Any])?["kind"] as? String {
      #expect(kind != "internal_error" && !kind.hasPrefix("storage"), "seed \(seed): \(answer)")
    }
  }

  /// Edits are done in the order in which they came.
  private static func check(
    _ script: HostileScript, _ answers: [String], _ process: EngineProcess, _ seed: UInt64
  ) throws {
    for (key, isThere) in script.items {
      let answer = try process.ask(RequestLine.make("items.get", 0, #""keys":["\#(key)"]"#))
      let ids = script.edits[key] ?? []
      let edits = answers.filter { answer in ids.contains { answer.contains(#""id":\#($0),"#) } }.suffix(6)
      #expect(
        answer.contains(#""missing":\#(isThere ? 0 : 1)"#),
        "seed \(seed), \(key): \(answer) after \(ids.suffix(6)), \(edits.joined(separator: " "))")
    }
  }
}
