import Foundation
import TestSupport
import Testing

/// `kagami backup` beside other processes.
@Suite struct BackupCommandTests {
  @Test func `A backup beside an import and an engine is a catalogue like any other`() throws {
    let sample = try SampleCatalogue()
    #expect(try CommandResult.kagami("build", sample.path).end == .exit(0))
    let home = try TemporaryDirectory()
    let engine = try sample.serve()
    let writer = try EngineProcess([
      "import", sample.path, "--vectors", Repository.sample("queries.npy"), "--key-prefix", "q/", "--batch-rows", "1",
    ])
    let target = home.appending("copy.kagami")
    let backup = try CommandResult.kagami("backup", sample.path, target)
    #expect(try writer.waitForEnd() == .exit(0))
    #expect(backup.end == .exit(0) && backup.errors.isEmpty, "\(backup)")
    let words = try #require(backup.lines.first).split(separator: " ")
    let sequence = try #require(Int(words[3]))
    #expect((1...451).contains(sequence))
    #expect(backup.text.contains(" \(1785 + sequence - 1) rows, snapshot 1, "), "\(backup.text)")
    let verified = try CommandResult.kagami("verify", target)
    #expect(
      verified.text
        == "\(target): sound at revision \(sequence); \(1784 + sequence) rows and 1 snapshot match their checksums.")
    #expect(try engine.ask(RequestLine.make("engine.health", 1)).contains(#""state":"ok""#))
    #expect(try CommandResult.kagami("search", target, "--vectors", Repository.sample("queries.npy")).end == .exit(0))
    let again = try CommandResult.kagami("backup", sample.path, target)
    #expect(again.end == .exit(73) && again.errors.contains("\(target): exists already"))
  }

  @Test func `Where there is no room nothing is left behind`() throws {
    let (sample, home) = (try SampleCatalogue(), try TemporaryDirectory())
    let full = try CommandResult.kagami("backup", sample.path, home.appending("copy"), after: "ulimit -f 1000")
    #expect(full.end == .exit(74), "\(full)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
  }

  @Test func `A catalogue that is not there is 66`() throws {
    let home = try TemporaryDirectory()
    #expect(try CommandResult.kagami("backup", home.appending("no"), home.appending("copy")).end == .exit(66))
  }
}
