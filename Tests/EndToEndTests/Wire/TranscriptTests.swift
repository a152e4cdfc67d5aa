import Foundation
import TestSupport
import Testing

/// Replays what was written down through a spawned process.
///
/// After a change of answers: `KAGAMI_RECORD=1 swift test --filter TranscriptTests`, and read the difference.
@Suite struct TranscriptTests {
  @Test(arguments: Transcript.names)
  func `The answers are those that were written down`(_ name: String) throws {
    let transcript = try Transcript(name)
    let catalogue = try SampleCatalogue()
    let process = try catalogue.serve()
    var found: [[String]] = []
    for exchange in transcript.exchanges {
      let bytes = try exchange.bytes
      #expect(process.write(bytes) == bytes.count)
      found.append(try process.lines(exchange.answers.count))
    }
    process.closeInput()
    #expect(try process.rest() == [], "an answer too many")
    #expect(try process.waitForEnd() == .exit(0))
    guard !Transcript.isRecording else { return try transcript.record(found) }
    for (exchange, answers) in zip(transcript.exchanges, found) {
      if let disagreement = exchange.disagreement(with: answers) { Issue.record("\(name).ndjson \(disagreement)") }
    }
  }
}
