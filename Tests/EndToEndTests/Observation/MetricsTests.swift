import Foundation
import TestSupport
import Testing

/// The file of `--metrics-file`.
@Suite struct MetricsTests {
  private func serve(_ folder: TemporaryDirectory, _ options: String...) throws -> (EngineProcess, path: String) {
    let path = folder.appending("kagami.prom")
    let catalogue = try SampleCatalogue()
    let process = try EngineProcess(["serve", catalogue.path, "--metrics-file", path] + options)
    process.companion = catalogue
    return (process, path)
  }

  /// A value of the file, once it is there.
  private func value(_ name: String, _ path: String) throws -> Double? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try read(path).values[name]
  }

  private func read(_ path: String) throws -> MetricsFile {
    let metrics = MetricsFile(try String(contentsOfFile: path, encoding: .utf8))
    #expect(metrics.objections == [])
    return metrics
  }

  private func wait(_ condition: () throws -> Bool) throws {
    let end = ContinuousClock.now + EngineProcess.patience
    while try !condition() {
      try #require(ContinuousClock.now < end, "it does not come in time")
      usleep(20_000)
    }
  }

  @Test func `It is there from the start, follows what happens, and ends with everything`() throws {
    let folder = try TemporaryDirectory()
    let (process, path) = try serve(folder, "--metrics-interval", "1")
    try wait { FileManager.default.fileExists(atPath: path) }
    #expect(try read(path).values["kagami_items"] == 1785)
    let search = RequestLine.make("search", 1, #""key":"moonreed/canal-under-stars/04""#)
    _ = try process.ask(search)
    let count = #"kagami_request_duration_seconds_count{method="search"}"#
    try wait { try read(path).values[count] == 1 }
    _ = try process.exchange([search, RequestLine.make("nothing", 2)])
    process.closeInput()
    #expect(try process.waitForEnd() == .exit(0))
    let last = try read(path)
    #expect(last.values[count] == 2)
    #expect(last.values["kagami_lines_total"] == 3)
    #expect(last.values[#"kagami_errors_total{kind="method_not_found"}"#] == 1)
    #expect(last.values[#"kagami_vectors_searched_total{plan="exact"}"#] == 2)
    #expect(last.values["kagami_unanswered_requests"] == 0)
    #expect((last.values[#"kagami_request_duration_seconds{method="search",quantile="0.5"}"#] ?? 0) > 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["kagami.prom"])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode.map { $0 & 0o444 } == 0o444, "a collector of another user can read it")
  }

  @Test func `While nothing happens it stays as it is, and no thread is woken`() throws {
    let folder = try TemporaryDirectory()
    let (process, path) = try serve(folder, "--metrics-interval", "1")
    _ = try process.ask(RequestLine.make("engine.hello", 1))
    try wait { try value("kagami_lines_total", path) == 1 }
    // The thread that looks through the snapshot ends after a second.
    sleep(2)
    let (switches, text) = (process.contextSwitches, try String(contentsOfFile: path, encoding: .utf8))
    sleep(3)
    #expect(process.contextSwitches == switches)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test func `A place that cannot be written disturbs nothing`() throws {
    let catalogue = try SampleCatalogue()
    let process = try catalogue.serve("--metrics-file", "/nowhere/kagami.prom", "--metrics-interval", "1")
    for id in 0..<3 {
      _ = try process.ask(RequestLine.make("engine.hello", id))
      usleep(1_200_000)
    }
    let found = try JSONTree(process.ask(RequestLine.make("engine.stats", 9)))["result"]
    #expect((found?["metrics_failures"]?.integer ?? 0) >= 2)
    process.closeInput()
    #expect(try process.waitForEnd() == .exit(0))
    let lines = process.errorText.split(separator: "\n")
    #expect(lines.count == 1, "said once, not each time")
    #expect(try JSONTree(String(lines[0]))["event"]?.string == "metrics_not_written")
  }
}
