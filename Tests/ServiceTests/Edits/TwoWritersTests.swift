import Catalogue
import Foundation
import Service
import TestSupport
import Testing

/// Two engines take turns on one catalogue: each edits what it last saw only after it has seen what the other did.
///
/// One that has edited gives the lock back when its editor is closed; the other has a view from before that.
@Suite struct TwoWritersTests {
  private let fixture: Fixture
  /// Opened before anybody edits, and idle since.
  private let idle: RequestHandler

  /// Nineteen items, `k0` to `k18`, each with a direction of its own.
  init() throws {
    fixture = try Fixture()
    try CatalogueStore.create(at: fixture.path, model: ModelSpace(dimension: 2))
    let first = try Self.handler(fixture)
    for number in 0..<19 { Self.upsert(first, "k\(number)", number) }
    first.editor.close()
    idle = try Self.handler(fixture)
  }

  private static func handler(_ fixture: Fixture) throws -> RequestHandler {
    RequestHandler(engine: try fixture.open(), isReadOnly: false)
  }

  @discardableResult
  private static func ask(_ handler: RequestHandler, _ method: String, _ params: String = "") -> String {
    let line = RequestLine.make(method, 1, params) + "\n"
    return MemoryPipe.answers(handler, [Array(line.utf8)[...]]).joined()
  }

  /// The direction of an item: a number of degrees.
  private static func vector(_ number: Int) -> String {
    let angle = Double(number) * .pi / 64
    return "[\(Float(cos(angle))),\(Float(sin(angle)))]"
  }

  private static func upsert(_ handler: RequestHandler, _ key: String, _ number: Int, parity: String? = nil) {
    let attributes = #"{"parity":"\#(parity ?? (number % 2 == 0 ? "even" : "odd"))"}"#
    let item = #"{"key":"\#(key)","vector":\#(vector(number)),"attributes":\#(attributes)}"#
    let answer = ask(handler, "items.upsert", #""items":[\#(item)]"#)
    #expect(answer.contains(#""upserted":1"#), "\(answer)")
  }

  /// Does something as another process that begins and ends.
  private func elsewhere(_ body: (RequestHandler) -> Void) throws {
    let handler = try Self.handler(fixture)
    body(handler)
    handler.editor.close()
  }

  /// Every key that is there finds itself first, by the vector it was given, in a fresh engine; and nothing is damaged.
  private func expectItems(_ expected: [String: Int]) throws {
    let handler = try Self.handler(fixture)
    #expect(Self.ask(handler, "items.count").contains(#""count":\#(expected.count)"#))
    for (key, number) in expected {
      let answer = Self.ask(handler, "search", #""vector":\#(Self.vector(number)),"k":1,"exact":true"#)
      #expect(answer.contains(#""hits":[{"key":"\#(key)""#), "\(key): \(answer)")
    }
    #expect(try Verifier(path: fixture.path, isFull: true).run(progress: { _, _ in }).findings.isEmpty)
  }

  private var all: [String: Int] { Dictionary(uniqueKeysWithValues: (0..<19).map { ("k\($0)", $0) }) }

  @Test func `A compaction copies the rows that the record has under the lock, not those of an older view`() throws {
    try elsewhere { other in
      #expect(Self.ask(other, "items.remove", #""keys":["k3"]"#).contains(#""removed":1"#))
      Self.upsert(other, "new", 40)
    }
    let answer = Self.ask(idle, "index.compact")
    #expect(answer.contains(#""rows":19,"rows_removed":1"#), "\(answer)")
    idle.editor.close()
    var expected = all
    expected["k3"] = nil
    expected["new"] = 40
    try expectItems(expected)
  }

  @Test func `A compaction after rows that only another process knew`() throws {
    try elsewhere { other in
      for number in 30..<60 { Self.upsert(other, "n\(number)", number) }
      #expect(Self.ask(other, "items.remove", #""keys":["k0"]"#).contains(#""removed":1"#))
    }
    #expect(Self.ask(idle, "index.compact").contains(#""rows":48,"rows_removed":1"#))
    idle.editor.close()
    var expected = all
    expected["k0"] = nil
    for number in 30..<60 { expected["n\(number)"] = number }
    try expectItems(expected)
  }

  @Test func `Removal by a filter sees what another process compacted and brought`() throws {
    let odd = #""filter":{"must":[{"key":"parity","match":{"value":"odd"}}]}"#
    // The filter is compiled, and the engine keeps it.
    #expect(Self.ask(idle, "items.count", odd).contains(#""count":9"#))
    try elsewhere { other in
      #expect(Self.ask(other, "items.remove", #""keys":["k0"]"#).contains(#""removed":1"#))
      #expect(Self.ask(other, "index.compact").contains(#""rows_removed":1"#))
      Self.upsert(other, "late", 41, parity: "odd")
    }
    #expect(Self.ask(idle, "items.remove", odd).contains(#""removed":10"#))
    idle.editor.close()
    try expectItems(all.filter { $0.value % 2 == 0 && $0.key != "k0" })
  }

  @Test func `An upsert into a generation that another process began`() throws {
    try elsewhere { other in
      #expect(Self.ask(other, "items.remove", #""keys":["k1","k2"]"#).contains(#""removed":2"#))
      #expect(Self.ask(other, "index.compact").contains(#""rows_removed":2"#))
    }
    Self.upsert(idle, "mine", 50)
    // And the other way round, once more.
    idle.editor.close()
    try elsewhere { other in
      #expect(Self.ask(other, "items.remove", #""keys":["k4"]"#).contains(#""removed":1"#))
      #expect(Self.ask(other, "index.compact").contains(#""rows_removed":1"#))
      Self.upsert(other, "theirs", 51)
    }
    var expected = all.filter { !["k1", "k2", "k4"].contains($0.key) }
    (expected["mine"], expected["theirs"]) = (50, 51)
    try expectItems(expected)
  }

  @Test func `A build sees what another process did, and a snapshot of a dead generation is never in force`() throws {
    try elsewhere { other in
      #expect(Self.ask(other, "items.remove", #""keys":["k5"]"#).contains(#""removed":1"#))
      #expect(Self.ask(other, "index.compact").contains(#""rows_removed":1"#))
    }
    #expect(Self.ask(idle, "index.build").contains(#""rows":18"#))
    idle.editor.close()
    let fresh = try Self.handler(fixture)
    #expect(Self.ask(fresh, "engine.health").contains(#""state":"ok""#))
    try expectItems(all.filter { $0.key != "k5" })
  }

  @Test func `An edit whose view cannot be brought up to date is refused, and changes nothing`() throws {
    try elsewhere { other in
      #expect(Self.ask(other, "items.remove", #""keys":["k0"]"#).contains(#""removed":1"#))
      #expect(Self.ask(other, "index.compact").contains(#""rows_removed":1"#))
    }
    let (rows, away) = (fixture.path + "/rows.1", fixture.home.appending("away"))
    try FileManager.default.moveItem(atPath: rows, toPath: away)
    let odd = #""filter":{"must":[{"key":"parity","match":{"value":"odd"}}]}"#
    for (method, params) in [("items.remove", odd), ("items.remove", #""keys":["k1"]"#), ("index.compact", "")] {
      let answer = Self.ask(idle, method, params)
      #expect(answer.contains("error") && answer.contains("rows.1"), "\(method): \(answer)")
    }
    try FileManager.default.moveItem(atPath: away, toPath: rows)
    #expect(Self.ask(idle, "items.remove", odd).contains(#""removed":9"#))
    idle.editor.close()
    try expectItems(all.filter { $0.value % 2 == 0 && $0.key != "k0" })
  }

  @Test func `Snapshots of rows that are gone go with them, and their numbers do not come back`() throws {
    let current = { try String(contentsOfFile: self.fixture.path + "/CURRENT", encoding: .utf8) }
    #expect(Self.ask(idle, "index.build").contains(#""snapshot":1"#))
    let reader = RequestHandler(engine: try fixture.open(), isReadOnly: true)
    #expect(Self.ask(reader, "engine.health").contains(#""state":"ok""#))
    #expect(Self.ask(idle, "items.remove", #""keys":["k6"]"#).contains(#""removed":1"#))
    #expect(Self.ask(idle, "index.compact").contains(#""snapshot":2"#), "it is built anew")
    #expect(try current() == "000002\n")
    #expect(Self.ask(idle, "items.remove", #""keys":["k7"]"#).contains(#""removed":1"#))
    _ = try idle.editor.perform(.compact())
    #expect(try current() == "none 000002\n", "nobody built")
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.path + "/index").isEmpty)
    for handler in [reader, try Self.handler(fixture)] {
      usleep(150_000)
      #expect(Self.ask(handler, "items.count").contains(#""count":17"#))
      #expect(Self.ask(handler, "engine.health").contains(#""state":"ok""#), "nothing is wrong")
    }
    #expect(try Verifier(path: fixture.path, isFull: true).run(progress: { _, _ in }).findings.isEmpty)
    #expect(Self.ask(idle, "index.build").contains(#""snapshot":3"#))
    usleep(150_000)
    #expect(Self.ask(reader, "items.count").contains(#""count":17"#))
    #expect(Self.ask(reader, "engine.stats").contains(#""snapshot":3"#), "it is taken up")
    idle.editor.close()
  }

  @Test func `While something is built nothing is compacted, and the refusal comes before anything is done`() throws {
    #expect(Self.ask(idle, "items.remove", #""keys":["k6"]"#).contains(#""removed":1"#))
    let answer = try idle.editor.lendWriter { _ in Self.ask(idle, "index.compact") }
    #expect(answer.contains(#""kind":"conflict""#), "\(answer)")
    #expect(try fixture.counts().rows == 19, "nothing was compacted")
    #expect(Self.ask(idle, "index.compact").contains(#""rows_removed":1"#))
  }

  @Test func `A key that is only ever replaced is always found, and answers tell of one state`() throws {
    // Another engine of the same process has the lock; this one only reads.
    let writer = try Self.handler(fixture)
    let reader = RequestHandler(engine: try fixture.open(), isReadOnly: true)
    var last = 0
    for round in 0..<40 {
      Self.upsert(writer, "k7", round)
      for method in ["search", "match"] {
        let bound = method == "match" ? #","score_threshold":0.5"# : ""
        let answer = Self.ask(reader, method, #""key":"k7""# + bound)
        #expect(!answer.contains("error"), "round \(round), \(method): \(answer)")
        let seq = try #require(answer.firstMatch(of: /"seq":(\d+)/).flatMap { Int($0.1) })
        #expect(seq >= last, "the revision fell from \(last) to \(seq)")
        last = seq
      }
    }
    writer.editor.close()
  }

  @Test func `The revision never falls on a stream, whatever is asked`() throws {
    let writer = try Self.handler(fixture)
    let reader = RequestHandler(engine: try fixture.open(), isReadOnly: true)
    let questions = [
      ("items.get", #""keys":["k1"]"#), ("search", #""key":"k1""#),
      ("items.get", #""keys":["k1"],"with_vectors":"f32le""#),
      ("items.count", ""), ("members.list", ""), ("search", #""vector":[1,0]"#), ("works.list", ""),
      ("items.count", ""),
      ("permissions.list", ""), ("match", #""vector":[1,0],"score_threshold":0.9"#), ("items.scroll", #""limit":2"#),
      ("engine.health", ""), ("engine.hello", ""), ("engine.sync", ""),
    ]
    var last = 0
    for round in 0..<3 {
      for (method, params) in questions {
        Self.upsert(writer, "busy", round)
        let answer = Self.ask(reader, method, params)
        let seq = answer.firstMatch(of: /"seq":(\d+)/).flatMap { Int($0.1) } ?? -1
        #expect(seq >= last, "\(method): the revision fell from \(last) to \(seq): \(answer)")
        last = max(last, seq)
      }
    }
    writer.editor.close()
  }
}
