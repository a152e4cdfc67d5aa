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
    try checkSchemas(transcript, found)
    guard !Transcript.isRecording else { return try transcript.record(found) }
    for (exchange, answers) in zip(transcript.exchanges, found) {
      if let disagreement = exchange.disagreement(with: answers) { Issue.record("\(name).ndjson \(disagreement)") }
    }
  }

  /// Holds requests that were answered, and every answer, against the document that the engine gives of itself.
  private func checkSchemas(_ transcript: Transcript, _ found: [[String]]) throws {
    let document = try SchemaDocument(CommandResult.kagami("schema").text)
    for (exchange, answers) in zip(transcript.exchanges, found) {
      var requests: [JSONTree: JSONTree] = [:]
      for request in exchange.requests {
        guard let request = try? JSONTree(String(decoding: Transcript.expanded(request), as: UTF8.self)) else {
          continue
        }
        if let id = request["id"] { requests[id] = request }
      }
      for answer in answers {
        let tree = try JSONTree(answer)
        // A notification answers nothing.
        if tree["method"] != nil { continue }
        let request = tree["id"].flatMap { requests[$0] }
        let method = request?["method"]?.string
        #expect(try document.objections(toAnswer: answer, of: method) == [], "\(answer.prefix(2000))")
        guard tree["result"] != nil, let request, let schema = method.flatMap({ document.parameters(of: $0) }) else {
          continue
        }
        // Parameters that are null are the same as none.
        let parameters = request["params"].flatMap { $0 == .null ? nil : $0 } ?? .object([:])
        let objections = document.objections(to: parameters, schema)
        #expect(objections == [], "\(exchange.title)")
      }
    }
  }
}
