import Foundation
import TestSupport
import Testing

@Suite struct BuildTests {
  @Test func `A snapshot is built, shown, verified and served`() throws {
    let sample = try SampleCatalogue()
    #expect(try CommandResult.kagami("info", sample.path).lines.last == "index           none; kagami build makes one")
    let built = try CommandResult.kagami("build", sample.path, "--threads", "1", "--memory", "256M")
    #expect(built.end == .exit(0) && built.errors.isEmpty)
    #expect(built.text.hasPrefix("Snapshot 1 of \(sample.path) is in force: 1785 rows at revision 1, "))
    let info = try CommandResult.kagami("info", sample.path)
    #expect(info.lines.contains { $0.hasPrefix("index           snapshot 1 at revision 1, 1785 rows, ") })
    let json = try CommandResult.kagami("info", sample.path, "--json")
    #expect(json.text.contains(#""index":{"snapshot":1,"seq":1,"rows":1785,"bytes":"#))
    let verified = try CommandResult.kagami("verify", sample.path)
    #expect(
      verified.lines == ["\(sample.path): sound at revision 1; 1785 rows and 1 snapshot match their checksums."])
    let process = try sample.serve()
    try process.send(RequestLine.make("engine.health", 1), RequestLine.make("index.build", 2))
    process.closeInput()
    let answers = try process.rest()
    #expect(answers.count == 2 && answers.contains { $0.contains(#""snapshot":2,"seq":1,"rows":1785"#) })
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `An engine that edits also builds, and edits go on`() throws {
    let process = try SampleCatalogue().serve()
    let keys = ["moonreed/tram-depot-under-stars/01", "moonreed/tram-depot-under-stars/02"]
    func removal(_ id: Int) -> String { RequestLine.make("items.remove", id, "\"keys\":[\"\(keys[id % 2])\"]") }
    #expect(try process.ask(removal(1)).contains(#""removed":1"#))
    #expect(try process.ask(RequestLine.make("index.build", 3)).contains(#""snapshot":1,"seq":2"#))
    #expect(try process.ask(removal(2)).contains(#""removed":1"#))
    #expect(try process.ask(RequestLine.make("index.build", 4)).contains(#""snapshot":2,"seq":3"#))
    process.closeInput()
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `A snapshot stays in use when its last member goes`() throws {
    let sample = try SampleCatalogue()
    #expect(try CommandResult.kagami("build", sample.path).end == .exit(0))
    let editing = try sample.serve()
    let removal = RequestLine.make("members.remove", 1, #""member":"sable-orchard","cascade":true"#)
    #expect(try editing.ask(removal).contains(#""seq":2"#))
    editing.closeInput()
    #expect(try editing.waitForEnd() == .exit(0))
    #expect(try sample.serve().ask(RequestLine.make("engine.health", 1)).contains(#""state":"ok","reasons":[]"#))
    #expect(try CommandResult.kagami("verify", sample.path).end == .exit(0))
  }

  @Test(arguments: [
    ["--threads", "0"], ["--threads", "many"], ["--memory", "1K"], ["--memory", "-1G"], ["--memory", "9999999999T"],
    ["--memory", "much"],
  ])
  func `Limits that are none are refused`(_ options: [String]) throws {
    #expect(try CommandResult.kagami(["build", "nowhere"] + options).end == .exit(64))
  }

  @Test func `Too little memory is said with the option that limits it, and nothing changes`() throws {
    let sample = try SampleCatalogue()
    let built = try CommandResult.kagami("build", sample.path, "--memory", "1M")
    #expect(built.end == .exit(70) && built.errors.contains("--memory") && built.lines.isEmpty, "\(built)")
    #expect(built.errors.contains("raise the limit"))
    #expect(try CommandResult.kagami("info", sample.path).lines.last == "index           none; kagami build makes one")
    let process = try sample.serve()
    let answer = try Answer(process.ask(RequestLine.make("index.build", 1, #""memory_bytes":1048576"#)))
    #expect(answer.error?.data.kind == "resource_exhausted" && answer.error?.message.contains("memory_bytes") == true)
  }

  @Test func `Without a catalogue there is nothing to build from`() throws {
    #expect(try CommandResult.kagami("build", "/nonexistent/art.kagami").end == .exit(66))
  }

  @Test func `A read-only engine builds nothing`() throws {
    let process = try SampleCatalogue().serve("--read-only")
    try process.send(RequestLine.make("index.build", 1))
    process.closeInput()
    let answers = try process.rest()
    #expect(try Answer(answers[0]).error?.data.kind == "read_only")
  }

  @Test func `Where there is no room the snapshot before stays in force`() throws {
    let sample = try SampleCatalogue()
    #expect(try CommandResult.kagami("build", sample.path).end == .exit(0))
    // Blocks of 512 bytes: less than the snapshot takes.
    let full = try CommandResult.kagami("build", sample.path, after: "ulimit -f 100")
    #expect(full.end == .exit(74) && full.errors.contains("no space left to write"), "\(full)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: sample.path + "/index") == ["000001"])
    #expect(try CommandResult.kagami("verify", sample.path).end == .exit(0))
  }

  @Test func `A build that is killed at any moment leaves a snapshot in force`() throws {
    let sample = try SampleCatalogue()
    #expect(try CommandResult.kagami("build", sample.path).end == .exit(0))
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<20 {
      let build = try EngineProcess(["build", sample.path])
      usleep(UInt32.random(in: 0..<60_000, using: &generator))
      build.send(signal: SIGKILL)
      _ = try build.waitForEnd()
      let process = try sample.serve()
      try process.send(RequestLine.make("engine.health", 1))
      process.closeInput()
      #expect(try process.rest().first?.contains(#""state":"ok""#) == true)
      #expect(try process.waitForEnd() == .exit(0))
    }
    #expect(try CommandResult.kagami("verify", sample.path).end == .exit(0))
  }
}
