import Foundation
import KagamiClient
import TestSupport
import Testing

/// The bytes of requests.
@Suite struct RequestCodingTests {
  @Test(arguments: 0...40)
  func base64IsWhatEverybodyElseWrites(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let floats = (0..<count).map { _ in Float.random(in: -1e6...1e6, using: &random) }
    var line: [UInt8] = [UInt8(ascii: ">")]
    Base64Floats.append(floats[...], to: &line)
    let bytes = floats.flatMap { float in (0..<4).map { UInt8(truncatingIfNeeded: float.bitPattern >> (8 * $0)) } }
    #expect(String(decoding: line, as: UTF8.self) == ">" + Data(bytes).base64EncodedString())
    #expect(line.count - 1 == Base64Floats.characterCount(of: count))
  }

  @Test func aRequestIsOneLineOfTheProtocolsShape() throws {
    let template = try VectorRequestTemplate(method: "search", dimension: 2, options: SearchOptions(k: 10))
    let line = String(decoding: template.line(id: 17, vectors: [9, 1, 0, 0, -2][1...]), as: UTF8.self)
    let expected =
      #"{"jsonrpc":"2.0","id":17,"method":"search","params":{"vectors":{"b64":"AACAPwAAAAAAAAAAAAAAwA==","dtype":"f32le","#
      + #""shape":[2,2]},"k":10}}"# + "\n"
    #expect(line == expected)
  }

  @Test func noOptionsLeaveNoTrace() throws {
    let template = try VectorRequestTemplate(method: "search", dimension: 1, options: SearchOptions())
    let line = String(decoding: template.line(id: 1, vectors: [0]), as: UTF8.self)
    #expect(line.hasSuffix(#""shape":[1,1]}}}"# + "\n"))
  }

  @Test func optionsHaveTheWiresNames() throws {
    var options = SearchOptions(k: 3)
    options.scoreThreshold = 0.25
    options.groupBy = "work"
    options.exact = true
    options.minSeq = 7
    options.deadlineMilliseconds = 50
    options.withAttributes = true
    options.withVectors = "f32le"
    options.beamWidth = 64
    options.targetRecall = 0.5
    let value = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(options))
    let expected: JSONValue = [
      "k": 3, "score_threshold": 0.25, "group_by": "work", "exact": true, "min_seq": 7, "deadline_ms": 50,
      "with_attributes": true, "with_vectors": "f32le", "beam_width": 64, "target_recall": 0.5,
    ]
    #expect(value == expected)
  }
}
