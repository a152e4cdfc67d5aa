import BenchmarkSupport
import WireProtocol

// What a request and an answer cost on the wire: a line of one vector in, a line of ten hits out.
// `swift run -c release WireBenchmark [--json FILE]`

/// Microseconds of one of many equal steps, in the fastest of many short runs: the one that nothing disturbed.
func microseconds(_ step: () -> Void) -> Double {
  let steps = 500
  return Timing.of(runs: 1000) { for _ in 0..<steps { step() } }.best / Double(steps) * 1e6
}

/// A step that reads a request.
func decoding(_ line: [UInt8]) -> () -> Void {
  var decoder = RequestDecoder()
  let vectors = VectorBuffer()
  return {
    guard case .request = decoder.decode(line.span, into: vectors) else { preconditionFailure("a refused line") }
  }
}

/// A step that writes an answer.
func encoding(_ hits: Samples.Hits) -> () -> Void {
  var encoder = AnswerEncoder()
  return {
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

/// Adds what a step costs.
@MainActor func add(_ name: String, goal: String, _ step: () -> Void) {
  report.add(name, microseconds(step), "µs", goal: goal)
  if let count = Allocations.perStep(1000, { _ in step() }) { report.add("allocations of that", count, "", goal: "0") }
}

for (name, line, goal) in [
  ("17 digits", Samples.doubles, "≤ 6"), ("9 digits", Samples.floats, "≤ 6"), ("4 digits", Samples.rounded, "≤ 6"),
  ("base64, f32le", Samples.singles, "≤ 2"), ("base64, f16le", Samples.halves, "≤ 2"),
] {
  add("request of 512 numbers, \(name), \(line.count) bytes", goal: goal, decoding(line))
}
add("answer with ten hits", goal: "≤ 1", encoding(Samples.Hits()))
try report.finish()
