import Foundation
import TestSupport
import Testing

/// How a process ends, and what is answered before it does.
@Suite struct EndOfStreamTests {
  private let queries: HalfMatrix

  init() throws {
    queries = try HalfMatrix(Repository.sample("queries.npy"))
  }

  /// A request that takes some milliseconds.
  private func slow(_ id: Int) -> String {
    RequestLine.make("search", id, RequestLine.vectors(queries.numbers[...], dimension: 256) + #","k":50"#)
  }

  @Test func `The end of the input ends the engine after everything is answered`() throws {
    let process = try SampleCatalogue().serve()
    for id in 0..<20 { try process.send(slow(id)) }
    process.closeInput()
    let answers = try process.rest().map { try Answer($0) }
    #expect(Set(answers.compactMap(\.id)) == Set(0..<20))
    #expect(answers.allSatisfy { $0.result?.results?.count == 450 })
    #expect(try process.waitForEnd() == .exit(0))
    #expect(process.errorText == "")
  }

  @Test func `No input at all is no error`() throws {
    let process = try SampleCatalogue().serve()
    process.closeInput()
    #expect(try process.rest() == [])
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `An unterminated last line is never executed`() throws {
    let process = try SampleCatalogue().serve()
    try process.send(RequestLine.make("items.count", 1))
    process.write(Array(RequestLine.make("items.count", 2).utf8))
    process.closeInput()
    #expect(try process.rest().map { try Answer($0).id } == [1])
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func `A signal ends the engine; every request gets one answer or was never accepted`(_ signal: Int32) throws {
    let process = try SampleCatalogue().serve("--threads", "2")
    for id in 0..<32 { try process.send(slow(id)) }
    let first = try process.lines(1)
    process.send(signal: signal)
    let answers = try (first + process.rest()).map { try Answer($0) }
    let ids = answers.compactMap(\.id)
    #expect(ids.count == answers.count && Set(ids).count == ids.count, "one answer each")
    for answer in answers where answer.result == nil {
      #expect(answer.error?.data.kind == "shutting_down")
    }
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `A signal ends an idle engine`() throws {
    let process = try SampleCatalogue().serve()
    _ = try process.ask(RequestLine.make("engine.hello", 1))
    process.send(signal: SIGTERM)
    #expect(try process.rest() == [])
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `A signal ends an engine whose answers nobody reads`() throws {
    let process = try SampleCatalogue().serve()
    for id in 0..<8 { try process.send(slow(id)) }
    #expect(process.hasOutput(within: EngineProcess.patience))
    process.send(signal: SIGTERM)
    let lines = try process.rest()
    #expect(try lines.allSatisfy { try Answer($0).id != nil }, "whole lines until the end")
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `A signal ends an engine whose answers nobody ever reads`() throws {
    let process = try SampleCatalogue().serve()
    for id in 0..<8 { try process.send(slow(id)) }
    #expect(process.hasOutput(within: EngineProcess.patience))
    process.send(signal: SIGTERM)
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `A second signal ends it at once`() throws {
    let sample = try SampleCatalogue()
    // The first signal alone takes two seconds; on a busy machine the second may come late, but not every time.
    var times: [Duration] = []
    for _ in 0..<5 where times.last.map({ $0 >= .seconds(1.8) }) ?? true {
      let process = try sample.serve()
      for id in 0..<8 { try process.send(slow(id)) }
      #expect(process.hasOutput(within: EngineProcess.patience))
      let start = ContinuousClock.now
      process.send(signal: SIGTERM)
      usleep(200_000)
      process.send(signal: SIGTERM)
      #expect(try process.waitForEnd() == .exit(0))
      times.append(ContinuousClock.now - start)
    }
    #expect(times.last.map { $0 < .seconds(1.8) } == true, "\(times)")
  }

  @Test func `A stopped engine goes on where it was`() throws {
    let process = try SampleCatalogue().serve()
    _ = try process.ask(RequestLine.make("engine.hello", 1))
    process.send(signal: SIGSTOP)
    while !process.isStopped { usleep(1000) }
    try process.send(RequestLine.make("items.count", 2))
    #expect(!process.hasOutput(within: .milliseconds(100)))
    process.send(signal: SIGCONT)
    #expect(try Answer(process.lines(1)[0]).result?.count == 1785)
  }

  @Test func `Closed standard output ends the engine with 74`() throws {
    let process = try SampleCatalogue().serve()
    _ = try process.ask(RequestLine.make("engine.hello", 1))
    process.closeOutput()
    try process.send(RequestLine.make("items.count", 2))
    #expect(try process.waitForEnd() == .exit(74))
  }

  @Test func `Standard output that is closed in the middle of an answer ends the engine with 74`() throws {
    let process = try SampleCatalogue().serve()
    for id in 0..<8 { try process.send(slow(id)) }
    #expect(process.hasOutput(within: EngineProcess.patience))
    process.closeOutput()
    #expect(try process.waitForEnd() == .exit(74))
  }

  /// P10 with edits: what was answered is there afterwards.
  @Test func `What was committed stays when standard output is closed`() throws {
    let sample = try SampleCatalogue()
    let process = try sample.serve()
    let vector = (0..<256).map { "\($0)" }.joined(separator: ",")
    let stored = try process.ask(
      RequestLine.make("items.upsert", 1, #""items":[{"key":"stored","vector":[\#(vector)]}]"#))
    #expect(stored.contains(#""upserted":1"#))
    for id in 2..<10 { try process.send(slow(id)) }
    #expect(process.hasOutput(within: EngineProcess.patience))
    process.closeOutput()
    #expect(try process.waitForEnd() == .exit(74))
    let again = try sample.serve()
    #expect(try again.ask(RequestLine.make("items.get", 1, #""keys":["stored"]"#)).contains(#""missing":0"#))
  }

  @Test func `A process that was started with nohup stays when its terminal goes`() throws {
    let sample = try SampleCatalogue()
    let process = try EngineProcess(["serve", sample.path], after: "trap '' HUP")
    process.companion = sample
    _ = try process.ask(RequestLine.make("engine.hello", 1))
    process.send(signal: SIGHUP)
    #expect(try Answer(process.ask(RequestLine.make("items.count", 2))).result?.count == 1785)
  }

  @Test func `Shutdown is the last answer, and the input may stay open`() throws {
    let process = try SampleCatalogue().serve()
    for id in 0..<10 { try process.send(slow(id)) }
    try process.send(RequestLine.make("engine.shutdown", 10))
    let ids = try process.rest().map { try Answer($0).id }
    #expect(ids.count == 11)
    #expect(ids.last == 10)
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `Sync is answered after everything before it`() throws {
    let process = try SampleCatalogue().serve("--threads", "2")
    for id in 0..<10 { try process.send(slow(id)) }
    try process.send(RequestLine.make("engine.sync", 10))
    for id in 11..<14 { try process.send(slow(id)) }
    let ids = try process.lines(14).compactMap { try Answer($0).id }
    let place = try #require(ids.firstIndex(of: 10))
    #expect(Set(ids[..<place]).isSuperset(of: 0..<10))
    #expect(Set(ids) == Set(0..<14))
  }
}
