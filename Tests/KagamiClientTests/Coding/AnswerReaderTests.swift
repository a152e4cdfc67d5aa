import Foundation
import KagamiClient
import TestSupport
import Testing

/// The fast reading of answers, against the decoder that reads everything.
@Suite struct AnswerReaderTests {
  private struct Envelope: Decodable { let result: SearchAnswer }

  private func decoded(_ line: String) throws -> SearchAnswer {
    try JSONDecoder().decode(Envelope.self, from: Data(line.utf8)).result
  }

  private static let plain = [
    #"{"jsonrpc":"2.0","id":1,"result":{"results":[{"hits":[{"key":"noto/1f600","score":0.9312,"member":"noto","work":"1f600"}]},{"hits":[]}],"seq":12094,"exact":true}}"#,
    #"{"jsonrpc":"2.0","id":1,"result":{"results":[{"hits":[{"key":"a","score":0.5}]}],"seq":3,"exact":false,"plan":"filtered_walk"}}"#,
    #"{"jsonrpc":"2.0","id":1,"result":{"results":[{"hits":[]}],"seq":3,"exact":true,"plan":"exact","complete":true}}"#,
    #"{"result": {"seq": 0, "results": [ ] , "complete":false,"partial":true,"degraded":true} , "id": 3}"#,
    #"{"id":1,"result":{"results":[{"hits":[{"score":-0.0,"key":""},{"score":1e-3,"key":"ü"},{"score":12,"key":"a b"}]}],"seq":1}}"#,
  ]

  private static let unusual = [
    #"{"id":1,"result":{"results":[{"hits":[{"key":"a\"b","score":1}]}],"seq":1}}"#,
    #"{"id":1,"result":{"results":[{"hits":[{"key":"a","score":1,"attributes":{"x":[1]}}]}],"seq":1}}"#,
    #"{"id":1,"result":{"results":[{"hits":[{"key":"a","score":1,"member":null}]}],"seq":1}}"#,
    #"{"id":1,"result":{"results":[{"groups":[{"work":"w","member":"m","score":1,"count":2,"hits":[]}]}],"seq":1}}"#,
    #"{"id":1,"result":{"results":[],"seq":1,"complete":false,"cursor":"abc"}}"#,
    #"{"id":1,"result":{"results":[{"hits":[{"key":"a","score":1,"permission":{"status":"permitted","id":"p"}}]}],"seq":1}}"#,
  ]

  @Test(arguments: plain)
  func plainAnswersAreReadAlike(line: String) throws {
    #expect(try AnswerReader.searchAnswer(of: Array(line.utf8)) == decoded(line))
  }

  @Test(arguments: unusual)
  func unusualAnswersAreLeftToTheDecoder(line: String) throws {
    #expect(AnswerReader.searchAnswer(of: Array(line.utf8)) == nil)
    _ = try decoded(line)
  }

  @Test func groupsAndDetailsAreDecoded() throws {
    #expect(try decoded(Self.unusual[1]).results[0].hits[0].details == ["attributes": ["x": [1]]])
    let group = try #require(try decoded(Self.unusual[3]).results[0].groups.first)
    #expect(group == HitGroup(work: "w", member: "m", score: 1, count: 2, hits: []))
    #expect(try decoded(Self.unusual[4]).cursor == "abc")
    let hit = try #require(try decoded(Self.unusual[5]).results[0].hits.first)
    #expect(hit.permission == HitPermission(status: "permitted", id: "p"))
    #expect(hit.permission?.isPermitted == true && hit.details.isEmpty)
  }

  @Test(arguments: plain + unusual)
  func everyCutIsRefusedWithoutHarm(line: String) {
    let bytes = Array(line.utf8)
    for end in bytes.indices { #expect(AnswerReader.searchAnswer(of: Array(bytes[..<end])) == nil) }
  }

  @Test(arguments: [
    "null", "-0", "12", "2.0", "1.5e3", "[]", "{}", #"[1,[true,{"a":null,"b":"ü"}],-2.25]"#,
    #" { "a" : [ false , "" ] } "#,
    "9223372036854775807", "123456789012345678901234567890",
  ])
  func anyPlainValueIsReadAlike(text: String) throws {
    let value = AnswerReader.value(of: Array(#"{"jsonrpc":"2.0","id":1,"result":\#(text)}"#.utf8))
    #expect(try value == JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)))
  }

  @Test(arguments: [
    #"{"id":1,"error":{"code":1,"message":""}}"#, #"{"id":1,"result":"a\n"}"#, #"{"id":1,"result":nan}"#,
    #"{"id":1,"result":}"#,
    #"{"id":1,"result":0x10}"#, #"{"id":1,"result":[1,]}"#, #"{"id":1,"result":{"a"}}"#, "{}", "",
    #"{"result":\#(String(repeating: "[", count: 100_000))"#,
    #"{"result":\#(String(repeating: "{\"a\":", count: 10_000))"#,
  ])
  func otherValuesAreLeftToTheDecoder(line: String) {
    #expect(AnswerReader.value(of: Array(line.utf8)) == nil)
  }

  @Test(arguments: [
    (#"{"jsonrpc":"2.0","id":42,"result":{}}"#, 42), (#"{"result":{"id":7,"a":"\"}"},"id":-5}"#, -5),
    (#"{"result":[[{}],"]",1e5,null],"id" : 9 }"#, 9), (#"{"id":"7"}"#, nil), (#"{"id":null}"#, nil), ("", nil),
    (#"{"id":99999999999999999999}"#, nil), (#"{"result":"\"#, nil), ("[1]", nil), (#"{"a":}"#, nil), ("{\"a\":]", nil),
  ])
  func idsAreFoundWhereverTheyStand(line: String, id: Int?) {
    #expect(AnswerReader.id(of: Array(line.utf8)) == id)
  }

  private func score(_ text: String) -> Float? {
    let line = #"{"id":1,"result":{"results":[{"hits":[{"key":"","score":\#(text)}]}],"seq":1}}"#
    return AnswerReader.searchAnswer(of: Array(line.utf8))?.results[0].hits[0].score
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyFloatIsReadBitForBit(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      let scale = Float(sign: .plus, exponent: Int.random(in: -20...20, using: &random), significand: 1)
      let near = Float.random(in: -1...1, using: &random) * scale
      let any = Float(bitPattern: random.next(upperBound: 0x7F80_0000))
      for float in [near, any] { #expect(score("\(float)")?.bitPattern == float.bitPattern, "\(float)") }
      // Numbers that lie half-way between two floats go to the even one, those beside it do not.
      let middle = (Double(near) + Double(near.nextUp)) / 2
      for text in ["\(middle)", "\(middle)1", "\(middle.nextUp)"] {
        #expect(score(text) == Float(text), "\(text)")
      }
    }
  }

  @Test(arguments: ["", "-", ".5", "5.", "1.2.3", "--1", "abc", "1e", "0x10", "1-2", "nan", "inf"])
  func whatIsNoNumberIsNotRead(text: String) {
    #expect(score(text) == nil)
  }
}
