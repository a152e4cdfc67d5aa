import Catalogue
import Foundation
import Service
import TestSupport
import Testing

@Suite struct IndexBuildTests {
  private func ask(_ engine: Engine, _ lines: [String]) -> [String] {
    MemoryPipe.answers(engine, [Array(lines.map { $0 + "\n" }.joined().utf8)[...]])
  }

  @Test func `The two newest are kept, and what an interrupted build left is removed`() throws {
    let home = try SnapshotFixture(snapshots: 3)
    #expect(home.numbers == ["000002", "000003"])
    let draft = home.path + "/index/.draft-000004"
    try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: false)
    try home.write("half", to: draft + "/index.kagami-index")
    try home.write("half", to: home.path + "/CURRENT.new")
    #expect(try home.fixture.open().snapshotNumber == 3)
    try home.build()
    #expect(home.numbers == ["000003", "000004"])
    #expect(try String(contentsOfFile: home.currentFile, encoding: .utf8) == "000004\n")
  }

  @Test func `Only who holds the lock builds`() throws {
    let home = try SnapshotFixture(snapshots: 1)
    let writer = try CatalogueStore.open(at: home.path, access: .readWrite).makeWriter()
    #expect(throws: CatalogueError.self) { try home.build() }
    let answer = ask(try home.fixture.open(), [RequestLine.make("index.build", 1)])
    #expect(answer[0].contains(#""kind":"conflict""#))
    #expect(home.numbers == ["000001"])
    let engine = try home.fixture.open()
    #expect(try IndexBuild(engine).run(holding: writer) { _ in }.number == 2)
  }

  @Test func `A build that is stopped changes nothing`() throws {
    struct Stopped: Error {}
    let home = try SnapshotFixture(snapshots: 1)
    #expect(throws: Stopped.self) { try IndexBuild(home.fixture.open()).run { _ in throw Stopped() } }
    #expect(home.numbers == ["000001"])
    #expect(try home.fixture.open().snapshotNumber == 1)
  }

  @Test func `It is asked for over the wire`() throws {
    let home = try SnapshotFixture(snapshots: 0)
    let engine = try home.fixture.open()
    let search = RequestLine.make("search", 2, #""key":"moonreed/tram-depot-under-stars/01","k":1"#)
    let lines = [
      RequestLine.make("index.build", 1, #""threads":2,"memory_bytes":1073741824"#), search,
      RequestLine.make("engine.sync", 3),
    ]
    let answers = ask(engine, lines)
    #expect(answers.count == 3)
    let built = try #require(answers.first { $0.contains(#""id":1"#) })
    #expect(built.contains(#""result":{"snapshot":1,"seq":1,"rows":1785,"bytes":"#) && built.contains(#","seconds":"#))
    #expect(answers.last?.contains(#""id":3"#) == true, "a barrier waits for it")
    #expect(engine.snapshotNumber == 1)
    #expect(ask(engine, [RequestLine.make("index.build", 1, #""threads":0"#)])[0].contains("/params/threads"))
    #expect(ask(engine, [RequestLine.make("index.build", 1, #""memory_bytes":1"#)])[0].contains("/params/memory_bytes"))
    #expect(ask(engine, [RequestLine.make("index.build", 1, #""thread":1"#)])[0].contains("did you mean threads?"))
  }
}
