import Foundation

/// An answer line as a test looks into it.
public struct Answer: Decodable, Sendable {
  /// One hit.
  public struct Hit: Decodable, Equatable, Sendable {
    /// The item.
    public var key: String
    /// Larger is more similar.
    public var score: Double
    /// Whose it is.
    public var member: String?
  }

  /// The answer to one vector.
  public struct Entry: Decodable, Sendable {
    /// The best first.
    public var hits: [Hit]
  }

  /// What was asked for; of every method the parts that tests look at.
  public struct Result: Decodable, Sendable {
    /// One entry for each vector.
    public var results: [Entry]?
    /// The revision.
    public var seq: Int?
    /// How many items there are.
    public var count: Int?
    /// Whether every match is there.
    public var complete: Bool?
    /// Where a match goes on.
    public var cursor: String?
    /// What the engine thinks of itself.
    public var state: String?
  }

  /// Why there is no result.
  public struct Failure: Decodable, Sendable {
    /// The number of JSON-RPC.
    public var code: Int
    /// For people.
    public var message: String
    /// For programs.
    public var data: Details

    /// The part that programs switch on.
    public struct Details: Decodable, Sendable {
      /// What kind of failure it is.
      public var kind: String
    }
  }

  /// The request's id; nil for a line without one.
  public var id: Int?
  /// What was asked for.
  public var result: Result?
  /// Why there is no result.
  public var error: Failure?

  /// Reads a line.
  ///
  /// - Throws: Where it is not such an answer.
  public init(_ line: String) throws {
    self = try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
  }

  /// The hits of a search for one vector.
  public var hits: [Hit] { result?.results?.first?.hits ?? [] }
}

/// Request lines.
public enum RequestLine {
  /// A request.
  ///
  /// - Parameters:
  ///   - method: What is asked.
  ///   - id: What it is called.
  ///   - params: The members of its parameters, as JSON.
  /// - Returns: The line, without its end.
  public static func make(_ method: String, _ id: Int, _ params: String = "") -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{\#(params)}}"#
  }

  /// A vector, as it is stored: base64 of half-precision numbers.
  public static func vector(_ row: ArraySlice<Float16>) -> String {
    #""vector":{"b64":"\#(base64(row))","dtype":"f16le"}"#
  }

  /// Several vectors of one length.
  public static func vectors(_ rows: ArraySlice<Float16>, dimension: Int) -> String {
    #""vectors":{"b64":"\#(base64(rows))","dtype":"f16le","shape":[\#(rows.count / dimension),\#(dimension)]}"#
  }

  private static func base64(_ numbers: ArraySlice<Float16>) -> String {
    numbers.withUnsafeBytes { Data($0) }.base64EncodedString()
  }
}
