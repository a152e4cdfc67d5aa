import Foundation
import Service
import Synchronization
import WireProtocol

/// A conversation in memory, without edits.
///
/// First byte: how the stream is cut; the rest is the stream.
enum StreamFuzzing {
  static func run(_ input: [UInt8]) throws {
    guard let seed = input.first else { return }
    let stream = input.dropFirst()
    var pieces = Pieces(seed: seed)
    let engine = try FuzzCatalogue.shared.get().engine
    let answers = try answers(engine, pieces.cut(stream, seed: seed))
    try check(answers, against: requests(stream))
  }

  /// What is answered to a stream that comes in pieces: one entry an answer, without notifications.
  static func answers(
    _ engine: Engine, _ pieces: [ArraySlice<UInt8>], isReadOnly: Bool = true
  ) throws -> [[UInt8]] {
    let output = Mutex<[UInt8]>([])
    var limits = Limits()
    (limits.windowRequests, limits.windowBytes) = (.max, .max)
    let handler = RequestHandler(engine: engine, isReadOnly: isReadOnly)
    defer { handler.editor.close() }
    let conversation = Conversation(handler, window: Window(limits: limits, controlPlaces: .max), limits: Limits()) {
      lines, _ in
      let new = lines.bytes
      output.withLock { $0 += new }
    }
    for piece in pieces { conversation.receive(piece.span) }
    conversation.finish()
    conversation.work()
    let bytes = output.withLock { $0 }
    try FuzzFinding.require(bytes.isEmpty || bytes.last == 10, "the last answer has no end")
    // Progress is told beside the answers.
    let notification = Array(#"{"jsonrpc":"2.0","method":"#.utf8)
    return bytes.split(separator: 10).filter { !$0.starts(with: notification) }.map(Array.init)
  }

  /// What ought to be answered: one entry a line, its id where it has one.
  private static func requests(_ stream: ArraySlice<UInt8>) -> [RequestID?] {
    var (ids, isOver): ([RequestID?], Bool) = ([], false)
    var decoder = RequestDecoder()
    var framer = LineFramer()
    let vectors = VectorBuffer()
    framer.feed(
      stream.span,
      line: { line in
        guard !isOver else { return }
        switch decoder.decode(line, into: vectors) {
        case .failure(let id, _): ids.append(id)
        case .request(let request):
          ids.append(request.id)
          if case .shutdown = request.body { isOver = true }
        }
      }, tooLong: { _ in if !isOver { ids.append(nil) } })
    return ids
  }

  /// Exactly one answer a line; under its id, or under null with the id beside it where another of that id was in progress.
  private static func check(_ answers: [[UInt8]], against requests: [RequestID?]) throws {
    try FuzzFinding.require(answers.count == requests.count, "\(answers.count) answers to \(requests.count) lines")
    var due: [String: Int] = [:]
    for id in requests { due[name(of: id), default: 0] += 1 }
    for answer in answers {
      try FuzzFinding.require(
        PlainJSON.accepts(answer), "an answer is no JSON: \(String(decoding: answer, as: UTF8.self))")
      if let objection = ReadableLine.objection(to: answer) { throw FuzzFinding("an answer has \(objection)") }
      let object = try JSONSerialization.jsonObject(with: Data(answer)) as? [String: Any]
      let data = (object?["error"] as? [String: Any])?["data"] as? [String: Any]
      var name = name(ofValue: object?["id"])
      if name == "null", let other = data?["id"] { name = self.name(ofValue: other) }
      try FuzzFinding.require(due[name, default: 0] > 0, "nobody asked under \(name)")
      due[name, default: 0] -= 1
      let isWhole = (object?["result"] != nil) != (object?["error"] != nil)
      try FuzzFinding.require(isWhole, "neither result nor error, or both")
    }
  }

  private static func name(of id: RequestID?) -> String {
    switch id {
    case .integer(let number): "n\(number)"
    case .string(let text): "s" + Data(text.utf8).base64EncodedString()
    case nil: "null"
    }
  }

  private static func name(ofValue value: Any?) -> String {
    switch value {
    case let text as String: "s" + Data(text.utf8).base64EncodedString()
    case let number as NSNumber: "n\(number.int64Value)"
    default: "null"
    }
  }
}
