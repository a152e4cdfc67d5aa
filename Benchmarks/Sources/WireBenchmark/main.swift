import BenchmarkSupport
import WireProtocol

// What a request and an answer cost on the wire: a line of one vector in, a line of ten hits out.
// `swift run -c release WireBenchmark [--json FILE]`

/// Microseconds of one of many equal steps, in the fastest of many short runs: the one that nothing disturbed.
func microseconds(_ step: () -> Void) -> Double {
  let steps = 500
  return Timing.of(runs: 1000) { for _ in 0..<steps { step() } }.best / Double(steps) * 1e6
}

func timeOfDecoding(_ line: [UInt8]) -> Double {
  var decoder = RequestDecoder()
  let vectors = VectorBuffer()
  return microseconds {
    guard case .request = decoder.decode(line.span, into: vectors) else { preconditionFailure("a refused line") }
  }
}

func timeOfEncoding(_ hits: Samples.Hits) -> Double {
  var encoder = AnswerEncoder()
  return microseconds {
    let text = hits.text.span
    encoder.removeAll()
    encoder.beginResults(.integer(12_345))
    encoder.beginHits()
    for hit in hits.keys.indices {
      encoder.beginHit(key: text.extracting(hits.keys[hit]), score: hits.scores[hit])
      encoder.member(text.extracting(hits.member))
      encoder.work(text.extracting(hits.works[hit]))
      encoder.endHit()
    }
    encoder.endHits()
    encoder.endResults(.init(sequence: 12_094))
  }
}

var report = Report("wire")
for (name, line, goal) in [
  ("17 digits", Samples.doubles, "≤ 6"), ("9 digits", Samples.floats, "≤ 6"), ("4 digits", Samples.rounded, "≤ 6"),
  ("base64, f32le", Samples.singles, "≤ 2"), ("base64, f16le", Samples.halves, "≤ 2"),
] {
  report.add("request of 512 numbers, \(name), \(line.count) bytes", timeOfDecoding(line), "µs", goal: goal)
}
report.add("answer with ten hits", timeOfEncoding(Samples.Hits()), "µs", goal: "≤ 1")
try report.finish()
