import Foundation

/// One answer line, and the call it belongs to.
struct Answer: Sendable {
  /// The id that the engine repeated.
  let id: Int
  /// The line without its newline.
  let line: [UInt8]

  /// The result that the line holds.
  ///
  /// - Parameters:
  ///   - type: What to read the result as.
  ///   - method: The method that was called, for the error's text.
  /// - Returns: The result.
  /// - Throws: ``EngineError`` when the engine refused, ``ClientError/unexpectedAnswer(method:reason:)`` when the line has
  ///   another shape.
  func result<Result: Decodable>(_ type: Result.Type = Result.self, of method: String) throws -> Result {
    if Result.self == JSONValue.self, let value = AnswerReader.value(of: line) as? Result { return value }
    let envelope: Envelope<Result>
    do {
      envelope = try JSONDecoder().decode(Envelope<Result>.self, from: Data(line))
    } catch {
      throw ClientError.unexpectedAnswer(method: method, reason: "\(error)")
    }
    return try envelope.outcome.get()
  }

  /// The result of `search` or `match`, in the fast way where the line is a plain one.
  func searchAnswer(of method: String) throws -> SearchAnswer {
    try AnswerReader.searchAnswer(of: line) ?? result(of: method)
  }

  /// The results of `search`, which must be as many as were asked for.
  func results(of method: String, count: Int) throws -> [SearchResult] {
    let results = try searchAnswer(of: method).results
    guard results.count == count else {
      throw ClientError.unexpectedAnswer(method: method, reason: "\(results.count) results for \(count) vectors")
    }
    return results
  }
}

/// What surrounds a result or an error.
private struct Envelope<Result: Decodable>: Decodable {
  let outcome: Swift.Result<Result, EngineError>

  private enum CodingKeys: String, CodingKey {
    case result, error
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    outcome =
      if fields.contains(.error) {
        .failure(try fields.decode(EngineError.self, forKey: .error))
      } else {
        .success(try fields.decode(Result.self, forKey: .result))
      }
  }
}
