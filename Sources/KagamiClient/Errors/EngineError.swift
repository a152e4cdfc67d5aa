/// What the engine answered in place of a result.
public struct EngineError: Error, Sendable, Hashable {
  /// The number that JSON-RPC gives the error.
  public let code: Int
  /// What is wrong, for a person.
  public let message: String
  /// Everything the engine added: what a caller switches on, and where to look.
  public let data: [String: JSONValue]

  /// Describes an error as the engine answers it.
  public init(code: Int, message: String, data: [String: JSONValue] = [:]) {
    self.code = code
    self.message = message
    self.data = data
  }

  /// The name of the error, such as `invalid_params`: what callers switch on.
  ///
  /// Empty where the engine gave none.
  public var kind: String { data["kind"]?.string ?? "" }
  /// Where in the request the fault lies, as a JSON pointer.
  public var pointer: String? { data["pointer"]?.string }
  /// Where in the line the fault lies, in bytes.
  public var offset: Int? { data["offset"]?.integer }
  /// What would have been allowed.
  public var limit: JSONValue? { data["limit"] }
  /// What came instead.
  public var got: JSONValue? { data["got"] }
  /// Whether the same request may succeed later.
  public var isRetryable: Bool { data["retryable"]?.bool ?? false }
  /// When to try again, in milliseconds.
  public var retryAfterMilliseconds: Int? { data["retry_after_ms"]?.integer }
}

extension EngineError: Decodable {
  private enum CodingKeys: String, CodingKey {
    case code, message, data
  }

  /// Reads the error object of an answer.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    code = try fields.decode(Int.self, forKey: .code)
    message = try fields.decode(String.self, forKey: .message)
    data = try fields.decodeIfPresent([String: JSONValue].self, forKey: .data) ?? [:]
  }
}

extension EngineError: CustomStringConvertible {
  /// The name, the message and the place.
  public var description: String {
    let place = pointer.map { " (at \($0))" } ?? ""
    return "\(kind.isEmpty ? "error \(code)" : kind): \(message)\(place)"
  }
}
