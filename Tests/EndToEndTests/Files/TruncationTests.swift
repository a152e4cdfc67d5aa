import Foundation
import TestSupport
import Testing

/// S9: a file that is cut off while an engine has it mapped.
///
/// Nothing can give the bytes back: the process ends, and says why; the next one knows.
@Suite struct TruncationTests {
  private static let exact = RequestLine.make(
    "search", 1, #""key":"moonreed/canal-under-stars/04","k":20,"exact":true"#)
  private let sample: SampleCatalogue

  init() throws {
    sample = try SampleCatalogue()
    #expect(try CommandResult.kagami("build", sample.path).end == .exit(0))
  }

  /// Cuts a file off under an engine that has answered from it, and asks again.
  ///
  /// - Returns: How it ended, and what it said.
  private func cut(_ file: String, to length: UInt64) throws -> (end: EngineProcess.End, errors: String) {
    let process = try sample.serve("--threads", "1")
    _ = try process.ask(Self.exact)
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: "\(sample.path)/\(file)"))
    try handle.truncate(atOffset: length)
    try handle.close()
    try process.send(Self.exact)
    process.closeInput()
    return (try process.waitForEnd(), process.errorText)
  }

  private func expectTold(_ errors: String) throws {
    let line = try #require(errors.split(separator: "\n").first { $0.contains("bus_error") })
    let tree = try JSONTree(String(line))
    #expect(tree["level"] == .string("error") && tree["catalogue"] == .string(sample.path))
    #expect(tree["advice"]?.string?.contains("kagami verify") == true)
  }

  @Test func `A row file: the end says why, and the next start names the file`() throws {
    let (end, errors) = try cut("rows/000001.rows", to: 300_000)
    #expect(end == .signal(SIGBUS))
    try expectTold(errors)
    let next = try CommandResult.kagami("serve", sample.path)
    #expect(next.end == .exit(65) && next.errors.contains("000001.rows: damaged: has 300000 bytes where"), "\(next)")
  }

  @Test func `A snapshot: the next start is degraded and right`() throws {
    let sound = try sample.serve().ask(Self.exact)
    let (end, errors) = try cut("index/000001/index.kagami-index", to: 8192)
    // The check of the snapshot in the background may have found it before the search did, and set it aside.
    if end == .exit(0) {
      #expect(errors.contains("snapshot_set_aside"), "\(errors)")
    } else {
      #expect(end == .signal(SIGBUS))
      try expectTold(errors)
    }
    let process = try sample.serve()
    let health = try process.ask(RequestLine.make("engine.health", 1))
    #expect(health.contains(#""state":"degraded""#) && health.contains("000001/index.kagami-index"), "\(health)")
    #expect(try process.ask(Self.exact).replacing(#","degraded":true"#, with: "") == sound)
    #expect(try process.ask(RequestLine.make("index.build", 2)).contains("snapshot"))
    #expect(try process.ask(Self.exact) == sound)
  }
}
