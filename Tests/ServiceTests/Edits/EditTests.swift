import Catalogue
import Foundation
import Service
import TestSupport
import Testing

/// Edits through the in-memory pipe: what they answer, and what is there afterwards.
@Suite struct EditTests {
  private let fixture: Fixture
  private let engine: Engine

  init() throws {
    fixture = try Fixture()
    try CatalogueStore.create(at: fixture.path, model: ModelSpace(dimension: 2))
    engine = try fixture.open()
  }

  /// Sends requests, one a pair of method and parameters, and answers their results or errors.
  private func ask(_ requests: (String, String)...) -> [String] {
    let lines = requests.enumerated().map { RequestLine.make($1.0, $0, String($1.1.dropFirst().dropLast())) + "\n" }
    return MemoryPipe.answers(engine, [Array(lines.joined().utf8)[...]]).sorted()
  }

  private func one(_ method: String, _ params: String) throws -> String {
    try #require(ask((method, params)).first)
  }

  private func keys(_ params: String = #"{"vector":[1,0],"k":10}"#) throws -> [String] {
    try one("search", params).matches(of: /"key":"([^"]*)"/).map { String($0.1) }
  }

  @Test func `A read on the same stream sees the edits before it`() throws {
    let answers = ask(
      ("items.upsert", #"{"items":[{"key":"a","vector":[1,0]},{"key":"b","vector":[0,1]}]}"#),
      ("items.remove", #"{"keys":["b"]}"#), ("search", #"{"vector":[1,0]}"#))
    #expect(answers[2].contains(#""hits":[{"key":"a","score":1.0}]"#))
  }

  @Test func `Bad items are refused one by one, or all at once where that is asked`() throws {
    let items = #""items":[{"key":"a","vector":[1,0]},{"key":"z","vector":[0,0]},{"key":"d","vector":[1,0,0]}]"#
    let loose = try one("items.upsert", "{\(items)}")
    #expect(loose.contains(#""upserted":1"#))
    #expect(loose.contains(#""index":1,"key":"z","kind":"invalid_params","pointer":"/params/items/1/vector""#))
    #expect(loose.contains(#""index":2,"key":"d""#))
    let strict = try one(
      "items.upsert", #"{"items":[{"key":"n","vector":[1,1]},{"key":"","vector":[1,0]}],"atomic":true}"#)
    #expect(strict.contains(#""pointer":"/params/items/1/key""#))
    #expect(try keys() == ["a"], "nothing of the atomic request is there")
  }

  @Test func `Of several items with one key the last stays, and that is told`() throws {
    let answer = try one(
      "items.upsert", #"{"items":[{"key":"a","vector":[1,0]},{"key":"a","vector":[0,1]}]}"#)
    #expect(answer.contains(#""upserted":1,"replaced":0,"failures":[],"duplicates":["a"]"#))
    #expect(try one("search", #"{"vector":[0,1]}"#).contains(#"{"key":"a","score":1.0}"#))
  }

  @Test func `An operation that is sent again is not done again`() throws {
    let request = #"{"items":[{"key":"a","vector":[1,0]}],"op_id":"first"}"#
    let first = try one("items.upsert", request)
    _ = try one("items.remove", #"{"keys":["a"]}"#)
    let second = try one("items.upsert", request)
    #expect(second == first.replacing("}}", with: #","repeated":true}}"#))
    #expect(try keys() == [])
  }

  @Test(arguments: [
    ("items.upsert", #"{"items":[{"key":"a","vector":[0,1]}],"op_id":"first"}"#),
    ("items.upsert", #"{"items":[{"key":"b","vector":[1,0]}],"op_id":"first"}"#),
    ("items.upsert", #"{"items":[{"key":"a","vector":[1,0],"attributes":{"x":1}}],"op_id":"first"}"#),
    ("items.upsert", #"{"items":[{"key":"a","vector":[1,0],"timecode":1}],"op_id":"first"}"#),
    ("items.upsert", #"{"items":[{"key":"a","vector":[1,0]}],"atomic":true,"op_id":"first"}"#),
    ("items.remove", #"{"keys":["a"],"op_id":"first"}"#),
    ("items.remove", #"{"filter":{"must":[]},"confirm":true,"op_id":"first"}"#),
    ("members.remove", #"{"member":"a","op_id":"first"}"#),
  ])
  func `A name of an operation belongs to its method and content`(method: String, params: String) throws {
    _ = try one("items.upsert", #"{"items":[{"key":"a","vector":[1,0]}],"op_id":"first"}"#)
    let answer = try one(method, params)
    #expect(answer.contains(#""kind":"conflict","pointer":"/params/op_id""#), "\(answer)")
    #expect(answer.contains("items.upsert") && answer.contains("revision 1"), "\(answer)")
    #expect(try keys() == ["a"], "nothing was done")
  }

  @Test func `The same content is the same operation, however it is written`() throws {
    _ = try one("items.upsert", #"{"items":[{"key":"a","vector":[1,0.5]}],"op_id":"x"}"#)
    let again = try one("items.upsert", #"{"op_id":"x","items":[{"vector":[1.0,5e-1],"key":"a"}],"atomic":false}"#)
    #expect(again.contains(#""repeated":true"#), "\(again)")
  }

  @Test func `Strict items need their members and works`() throws {
    let items = #"{"items":[{"key":"a","vector":[1,0],"member":"m","work":"w"}],"strict":true}"#
    #expect(try one("items.upsert", items).contains(#""pointer":"/params/items/0/member""#))
    _ = try one("members.put", #"{"member":"m","name":"M"}"#)
    #expect(try one("items.upsert", items).contains(#""pointer":"/params/items/0/work""#))
    _ = try one("works.put", #"{"member":"m","work":"w","title":"W"}"#)
    #expect(try one("items.upsert", items).contains(#""upserted":1"#))
  }

  @Test func `A filter that matches everything needs to be confirmed`() throws {
    _ = try one("items.upsert", #"{"items":[{"key":"a","vector":[1,0]},{"key":"b","vector":[0,1]}]}"#)
    #expect(try one("items.remove", #"{"filter":{"must":[]}}"#).contains("confirm"))
    #expect(try keys().count == 2)
    #expect(try one("items.remove", #"{"filter":{"must":[]},"confirm":true}"#).contains(#""removed":2"#))
    #expect(try keys() == [])
  }

  @Test func `A member goes with its works and items only on cascade, and may come back`() throws {
    let item = #"{"items":[{"key":"a","vector":[1,0],"member":"m","work":"w"}]}"#
    _ = try one("items.upsert", item)
    #expect(try one("members.remove", #"{"member":"m"}"#).contains(#""kind":"conflict""#))
    #expect(try one("members.remove", #"{"member":"m","cascade":true}"#).contains(#""removed":1,"keys":["a"]"#))
    #expect(try one("members.list", "{}").contains(#""members":[]"#))
    #expect(try one("works.list", "{}").contains(#""works":[]"#))
    #expect(try one("members.remove", #"{"member":"m"}"#).contains(#""kind":"not_found""#))
    _ = try one("items.upsert", item)
    #expect(try one("members.list", "{}").contains(#""works":1,"items":1"#))
  }

  @Test func `A scroll shows one revision on all its pages`() throws {
    let items = (0..<7).map { #"{"key":"\#($0)","vector":[1,\#($0)]}"# }.joined(separator: ",")
    _ = try one("items.upsert", "{\"items\":[\(items)]}")
    let first = try one("items.scroll", #"{"limit":4}"#)
    let cursor = try #require(first.firstMatch(of: /"cursor":"([^"]*)"/)).1
    _ = try one("items.remove", #"{"keys":["5"]}"#)
    _ = try one("items.upsert", #"{"items":[{"key":"8","vector":[1,8]}]}"#)
    let second = try one("items.scroll", #"{"limit":4,"cursor":"\#(cursor)"}"#)
    #expect(second.matches(of: /"key":"([^"]*)"/).map { String($0.1) } == ["4", "5", "6"])
    _ = try one("index.compact", "{}")
    #expect(try one("items.scroll", #"{"cursor":"\#(cursor)"}"#).contains(#""kind":"stale""#))
  }

  @Test func `More items than a request may have are refused`() throws {
    let items = Array(repeating: #"{"key":"a","vector":[1,0]}"#, count: 4097).joined(separator: ",")
    #expect(try one("items.upsert", "{\"items\":[\(items)]}").contains(#""kind":"too_large""#))
  }

  @Test func `A compaction takes the rows of removed items from the disk and nothing else`() throws {
    _ = try one(
      "items.upsert",
      #"{"items":[{"key":"a","vector":[1,0]},{"key":"b","vector":[3,4],"member":"m"},{"key":"c","vector":[0,1]}]}"#)
    _ = try one("items.remove", #"{"keys":["a"]}"#)
    #expect(try RemovalProof(path: fixture.path, key: "a").state == .held)
    let reader = try fixture.open()
    #expect(try one("index.compact", "{}").contains(#""rows":2,"rows_removed":1"#))
    #expect(try RemovalProof(path: fixture.path, key: "a").state == .gone)
    #expect(try keys(#"{"vector":[3,4]}"#) == ["b", "c"])
    try reader.refresh()
    #expect(reader.snapshot.count == 2, "another process follows")
    #expect(try one("items.get", #"{"keys":["b"],"with_vectors":"f32le"}"#).contains(#""member":"m""#))
    let findings = try Verifier(path: fixture.path).run { _, _ in }.findings
    #expect(findings.isEmpty, "\(findings)")
    _ = try one("items.upsert", #"{"items":[{"key":"a","vector":[1,0]}]}"#)
    #expect(try keys() == ["a", "b", "c"])
  }
}
