/// How much a caller may ask for; advertised by `engine.hello`.
///
/// Beyond a limit the answer is `too_large`, and the stream goes on.
public struct Limits: Hashable, Sendable {
  /// Bytes of a line, without its end.
  public var lineBytes = 16 << 20
  /// Objects and arrays inside one another.
  public var depth = 32
  /// Numbers a vector.
  public var dimension = 8192
  /// Vectors a request.
  public var vectors = 4096
  /// Hits for each vector.
  public var k = 10_000
  /// Hits that a request may ask for in all.
  public var hits = 100_000
  /// Conditions of a filter, nested filters counted too.
  public var filterConditions = 256
  /// Values that the conditions of a filter compare with.
  public var filterValues = 100_000
  /// Keys that a request may name.
  public var keys = 10_000
  /// Bytes of an answer.
  public var answerBytes = 64 << 20
  /// Requests in progress, and unread answers, that a caller may have without waiting.
  public var windowRequests = 64
  /// Bytes of requests in progress that a caller may have without waiting.
  public var windowBytes = 64 << 20
  /// Control requests in progress beside them.
  public var windowControls = 8

  /// Bytes of a key, a member or a work.
  public var nameBytes = 1024

  /// The limits of the protocol.
  public init() {}

  /// Their names and values, as `engine.hello` tells them.
  public var entries: [(name: StaticString, value: Int)] {
    [
      ("line_bytes", lineBytes), ("depth", depth), ("dimension", dimension), ("vectors", vectors), ("k", k),
      ("hits", hits), ("filter_conditions", filterConditions), ("filter_values", filterValues), ("keys", keys),
      ("name_bytes", nameBytes), ("answer_bytes", answerBytes), ("window_requests", windowRequests),
      ("window_bytes", windowBytes),
      ("window_controls", windowControls),
    ]
  }
}
