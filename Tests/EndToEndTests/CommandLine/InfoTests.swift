import Foundation
import TestSupport
import Testing

/// What `info` and `engine.health` say about rows that no snapshot covers, removed rows, the writer and the record's log.
@Suite struct InfoTests {
  private let sample: SampleCatalogue

  init() throws {
    sample = try SampleCatalogue()
  }

  private func info() throws -> [String: String] {
    let lines = try CommandResult.kagami("info", sample.path).lines
    return Dictionary(
      lines.map { line in
        (line.prefix(15).trimmingCharacters(in: .whitespaces), String(line.dropFirst(16)))
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test func `Rows that came since the snapshot, and rows that were replaced, are counted`() throws {
    #expect(try info()["reclaimable"] == "0 removed rows, 0 bytes")
    #expect(try CommandResult.kagami("build", sample.path).end == .exit(0))
    let engine = try sample.serve()
    #expect(try engine.ask(RequestLine.make("engine.health", 1)).contains(#""uncovered_rows":0,"removed_rows":0"#))
    // The second brings other vectors for 300 of the same keys.
    for file in ["queries.npy", "background.npy"] {
      let vectors = Repository.sample(file)
      let result = try CommandResult.kagami(
        "import", sample.path, "--vectors", vectors, "--key-prefix", "q/", "--replace")
      #expect(result.end == .exit(0), "\(result)")
    }
    #expect(try info()["reclaimable"] == "300 removed rows, 151.2 KiB")
    #expect(try info()["index"]?.hasSuffix("; 750 rows came since, which every search looks at") == true)
    let json = try CommandResult.kagami("info", sample.path, "--json").text
    let text = #""uncovered_rows":750,"removed_rows":300,"reclaimable_bytes":154800,"wal_bytes":"#
    #expect(json.contains(text), "\(json)")
    usleep(150_000)
    let health = try engine.ask(RequestLine.make("engine.health", 2))
    #expect(health.contains(#""uncovered_rows":750,"removed_rows":300,"reclaimable_bytes":154800,"#), "\(health)")
  }

  @Test func `The writer is named while it writes, and not afterwards`() throws {
    #expect(try info()["writer"] == "nobody writes")
    let descriptor = open(sample.path + "/LOCK", O_RDWR | O_CLOEXEC)
    try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    #expect(try info()["writer"] == "a process that did not say its number")
    let text = "\(getpid()) 2020-01-02T03:04:05Z\n"
    #expect(pwrite(descriptor, text, text.utf8.count, 0) == text.utf8.count)
    #expect(try info()["writer"] == "process \(getpid()), since 2020-01-02T03:04:05Z")
    let engine = try sample.serve()
    let expected = #""writer":{"pid":\#(getpid()),"since":"2020-01-02T03:04:05Z"}"#
    #expect(try engine.ask(RequestLine.make("engine.health", 1)).contains(expected))
    close(descriptor)
    #expect(try info()["writer"] == "nobody writes", "the text is stale")
    #expect(try engine.ask(RequestLine.make("engine.health", 2)).contains(#""writer":null"#))
  }

  @Test func `SQLite's version is there, and the log where it holds anything`() throws {
    let version = try #require(try info()["SQLite"]?.split(separator: ";").first)
    #expect(version.split(separator: ".").count == 3)
    #expect(try info()["record on disk"]?.contains("in the log") == false)
    #expect(try CommandResult.kagami("info", sample.path, "--json").text.contains(#""sqlite":"\#(version)""#))
  }
}
