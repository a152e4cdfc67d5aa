import Foundation
import TestSupport
import Testing

/// S8: a snapshot that was made for another catalogue, of the same shape, another dimension or another metric.
@Suite struct ForeignSnapshotTests {
  private func catalogue(_ home: TemporaryDirectory, _ name: String, dimension: Int, metric: String) throws -> String {
    let path = home.appending(name)
    let made = try CommandResult.kagami("create", path, "--dimension", "\(dimension)", "--metric", metric)
    #expect(made.end == .exit(0))
    let items = (0..<30).map { item in
      let numbers = (0..<dimension).map { "\((item * 31 + $0 * 17) % 23 - 11)" }.joined(separator: ",")
      return #"{"key":"k\#(item)","vector":[\#(numbers)]}"#
    }
    let process = try EngineProcess(["serve", path])
    let answer = try process.ask(RequestLine.make("items.upsert", 1, "\"items\":[\(items.joined(separator: ","))]"))
    #expect(answer.contains("\"upserted\":30"), "\(answer)")
    process.closeInput()
    #expect(try process.waitForEnd() == .exit(0))
    #expect(try CommandResult.kagami("build", path).end == .exit(0))
    return path
  }

  @Test(arguments: [(16, "ip"), (24, "ip"), (16, "cosine"), (16, "l2")])
  func `It is refused by name, and answers are right without it`(_ dimension: Int, _ metric: String) throws {
    let home = try TemporaryDirectory()
    let one = try catalogue(home, "one.kagami", dimension: 16, metric: "ip")
    let other = try catalogue(home, "other.kagami", dimension: dimension, metric: metric)
    let search = RequestLine.make("search", 1, #""key":"k7","k":30"#)
    let sound = try EngineProcess(["serve", one]).ask(search)
    let file = "index/000001/index.kagami-index"
    try FileManager.default.removeItem(atPath: "\(one)/\(file)")
    try FileManager.default.copyItem(atPath: "\(other)/\(file)", toPath: "\(one)/\(file)")
    let process = try EngineProcess(["serve", one])
    let answer = try process.ask(search)
    let mark = #","degraded":true"#
    #expect(answer.contains(mark) && answer.replacing(mark, with: "") == sound, "\(answer)")
    let health = try process.ask(RequestLine.make("engine.health", 2))
    #expect(health.contains("\(file): belongs to another catalogue"), "\(health)")
    let audit = try CommandResult.kagami("verify", one)
    #expect(audit.end == .exit(65) && (audit.errors + audit.text).contains("\(file): belongs to another catalogue"))
  }
}
