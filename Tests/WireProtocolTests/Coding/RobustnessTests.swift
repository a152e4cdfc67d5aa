import TestSupport
import Testing
import WireProtocol

/// Whatever bytes come, the decoder says what they are and goes on.
@Suite struct RobustnessTests {
  static let lines: [[UInt8]] = [
    Wire.line(
      "search",
      #"{"vector":[0.12345678901234567,-1e-5,3,0.5,0.25,0.125,0.0625],"k":10,"exact":true,"score_threshold":0.5}"#),
    Wire.line(
      "search", #"{"vectors":[[0.5,-0.25],[1.0,2.0]],"group_by":"work","with_vectors":"f32le","_x":{"a":[null,true]}}"#),
    Wire.line("search", #"{"vectors":{"b64":"AACAPwAAAMAAAIA/AAAAwA==","dtype":"f32le","shape":[2,2]},"min_seq":5}"#),
    Wire.line("search", #"{"vector":{"b64":"AQJ/gPz9","dtype":"i8","scale":0.5},"model":"clip 😀\u00e9\ud83d\ude00"}"#),
    Wire.line(
      "match", #"{"vector":{"b64":"ADwAvAA4","dtype":"f16le"},"score_threshold":0.9,"limit":100,"cursor":"a"}"#),
    Wire.line(
      "search",
      #"{"key":"a","filter":{"must":[{"key":"member","match":{"any":["noto",1,true]}},{"should":[{"is_empty":{"key":"b"}}]}],"must_not":[{"key":"y","range":{"gte":1.5,"lt":null}}]}}"#
    ),
    Wire.line("items.get", #"{"keys":["a","b\n","é"],"with_attributes":false}"#),
    Wire.line("works.list", #"{"member":"noto","limit":5}"#),
    #"{"id":"last","params":{"client":"x"},"method":"engine.hello","jsonrpc":"2.0"}"#,
  ].map { Array($0.utf8) }

  /// A line with a few bytes changed, dropped, doubled, or a piece of another line in it.
  private func mutated(_ random: inout SeededGenerator) -> [UInt8] {
    var line = Self.lines[Int.random(in: 0..<Self.lines.count, using: &random)]
    let marks = Array(#"{}[]",:\0123456789-+.eEtfnu _=/"#.utf8) + [0, 10, 13, 31, 127, 128, 0xC3, 0xED, 0xF0, 0xFF]
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0..<max(line.count, 1), using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0 where !line.isEmpty: line[place] = marks[Int.random(in: 0..<marks.count, using: &random)]
      case 1 where !line.isEmpty: line[place] = UInt8.random(in: 0...255, using: &random)
      case 2 where !line.isEmpty: line.remove(at: place)
      case 3: line.insert(marks[Int.random(in: 0..<marks.count, using: &random)], at: min(place, line.count))
      case 4: line.removeSubrange(min(place, line.count)...)
      case 5:
        let other = Self.lines[Int.random(in: 0..<Self.lines.count, using: &random)]
        let from = Int.random(in: 0..<other.count, using: &random)
        line.insert(
          contentsOf: other[from..<min(from + Int.random(in: 1...30, using: &random), other.count)],
          at: min(place, line.count))
      default:
        let end = min(place + Int.random(in: 1...12, using: &random), line.count)
        line.replaceSubrange(
          min(place, line.count)..<end,
          with: Array(
            ["9999999999999999999999", "-", "1e999", "null", "[[[[", #"\ud800"#, "4000000000"][
              Int.random(in: 0..<7, using: &random)
            ].utf8))
      }
    }
    return line
  }

  @Test(arguments: 0..<8)
  func mutatedLinesAreRequestsOrRefusals(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    var decoder = RequestDecoder()
    let vectors = VectorBuffer()
    var encoder = AnswerEncoder()
    var requests = 0
    for _ in 0..<5000 {
      let line = mutated(&random)
      switch decoder.decode(line.span, into: vectors) {
      case .request:
        requests += 1
        // What is a request is JSON, by the scanner alone.
        if let refusal = Scan.refusal(line) { Issue.record("\(refusal): \(line)") }
        vectors.withNumbers { numbers in
          if numbers.count != vectors.count * vectors.dimension || !numbers.indices.allSatisfy({ numbers[$0].isFinite })
          {
            Issue.record("\(line)")
          }
        }
      case .failure(let id, let error):
        let isJSON = Scan.refusal(line) == nil
        if isJSON == (error.kind == .parseError) { Issue.record("\(error): \(line)") }
        if !isJSON, id != nil { Issue.record("\(error): \(line)") }
        if error.kind == .internalError { Issue.record("\(error): \(line)") }
        encoder.removeAll()
        encoder.error(error, id: id)
        if Scan.refusal(Array(encoder.buffer.bytes.dropLast())) != nil { Issue.record("\(Wire.text(of: encoder))") }
      }
    }
    #expect(requests > 30)
  }

  /// Reading never depends on what lies behind the end.
  @Test func everyBeginningOfALineIsRefused() {
    var decoder = RequestDecoder()
    let vectors = VectorBuffer()
    for line in Self.lines {
      for length in 0..<line.count {
        guard case .failure(nil, let error) = decoder.decode(Array(line[..<length]).span, into: vectors) else {
          Issue.record("\(length) bytes of \(String(decoding: line, as: UTF8.self))")
          continue
        }
        #expect(error.kind == .parseError)
      }
      let isRequest = if case .request = decoder.decode(line.span, into: vectors) { true } else { false }
      #expect(isRequest)
    }
  }

  /// Lines of nothing but noise.
  @Test func randomBytesAreRefused() {
    var random = SeededGenerator(seed: 99)
    for _ in 0..<5000 {
      let line = (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      if case .request = Wire.outcome(line) { Issue.record("\(line)") }
    }
  }
}
