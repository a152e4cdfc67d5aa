import Foundation
import TestSupport
import Testing

/// The log: lines for programs that never hold anything up.
@Suite struct LogTests {
  private static let search = #""key":"moonreed/canal-under-stars/04""#

  private func log(_ text: String) throws -> [JSONTree] {
    try text.split(separator: "\n").map { try JSONTree(String($0)) }
  }

  private func end(_ process: EngineProcess) throws {
    process.closeInput()
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `An engine that is well says nothing unless asked`() throws {
    let process = try SampleCatalogue().serve()
    _ = try process.ask(RequestLine.make("search", 1, Self.search))
    try end(process)
    #expect(process.errorText == "")
  }

  @Test func `Its beginning and its end are told on request`() throws {
    let process = try SampleCatalogue().serve("--log-level", "info")
    _ = try process.ask(RequestLine.make("search", 1, Self.search))
    try end(process)
    let lines = try log(process.errorText)
    #expect(lines.compactMap { $0["event"]?.string } == ["started", "stopped"])
    #expect(lines[0]["items"]?.integer == 1785 && lines[0]["pid"]?.integer == Int(process.id))
    #expect(lines[1]["requests"]?.integer == 1 && lines[1]["code"]?.integer == 0)
    for line in lines { #expect(line["time"]?.string?.hasSuffix("Z") == true && line["level"] == .string("info")) }
  }

  @Test func `Slow requests are told of without what they carry`() throws {
    let process = try SampleCatalogue().serve("--slow-ms", "0")
    let numbers = [String](repeating: "0.15625", count: 256).joined(separator: ",")
    _ = try process.ask(RequestLine.make("search", 1, #""vector":[\#(numbers)]"#))
    _ = try process.ask(#"{"jsonrpc":"2.0","id":"second","method":"items.count"}"#)
    try end(process)
    #expect(!process.errorText.contains("0.15625"))
    let lines = try log(process.errorText)
    #expect(lines.map { $0["event"]?.string } == ["slow_request", "slow_request"])
    #expect(lines.map { $0["method"]?.string } == ["search", "items.count"])
    #expect(lines.map { $0["id"] } == [.integer(1), .string("second")])
    #expect(lines.map { $0["plan"]?.string } == ["exact", nil])
    #expect(lines.allSatisfy { ($0["duration_ms"]?.number ?? 0) > 0 })
  }

  @Test(arguments: [EngineProcess.ErrorStream.neverRead, .closed])
  func `Nobody who reads it holds nothing up, and what is lost is counted`(_ stream: EngineProcess.ErrorStream) throws {
    let process = try SampleCatalogue().serve("--log-level", "debug", errorStream: stream)
    let count = 3000
    let answers = try process.exchange((0..<count).map { RequestLine.make("items.count", $0) })
    #expect(answers.count == count)
    let found = try JSONTree(process.ask(RequestLine.make("engine.stats", -1)))["result"]
    let (written, dropped) = (found?["log_lines"]?.integer ?? 0, found?["log_dropped"]?.integer ?? 0)
    #expect(written + dropped == count + 1, "one line for each request, and one for the start")
    #expect(stream == .closed ? written == 0 : written > 0)
    #expect(dropped > 0)
    try end(process)
  }

  @Test func `A file is appended to`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.appending("engine.log")
    let catalogue = try SampleCatalogue()
    for _ in 0..<2 {
      let process = try catalogue.serve("--log-level", "info", "--log-file", path)
      try end(process)
      #expect(process.errorText == "")
    }
    let events = try log(String(contentsOfFile: path, encoding: .utf8)).compactMap { $0["event"]?.string }
    #expect(events == ["started", "stopped", "started", "stopped"])
  }

  @Test func `Why an engine cannot start is told in words, and in the file of the log`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.appending("engine.log")
    let result = try CommandResult.kagami("serve", folder.appending("none.kagami"), "--log-file", path)
    #expect(result.end == .exit(66))
    #expect(result.errors.hasPrefix("kagami: "))
    let line = try #require(try log(String(contentsOfFile: path, encoding: .utf8)).first)
    #expect(line["event"]?.string == "failed" && line["code"]?.integer == 66)
    let other = try CommandResult.kagami("serve", folder.path, "--log-file", folder.appending("no/where.log"))
    #expect(other.end == .exit(73) && other.errors.contains("--log-file"))
  }

  @Test(arguments: [
    ["--log-level", "loud"], ["--slow-ms", "-1"], ["--metrics-interval", "0"],
  ])
  func `Options that make no sense are refused`(_ options: [String]) throws {
    let result = try CommandResult.kagami(["serve", "x"] + options)
    #expect(result.end == .exit(64))
    #expect(result.errors.contains(options[0]))
  }
}
