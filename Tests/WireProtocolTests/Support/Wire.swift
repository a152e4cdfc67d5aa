import WireProtocol

/// One line through the decoder, and what becomes of it.
enum Wire {
  /// What a line asks, or why it is refused.
  static func outcome(
    _ line: String, limits: Limits = Limits(), vectors: VectorBuffer = VectorBuffer()
  ) -> RequestDecoder.Outcome {
    outcome(Array(line.utf8), limits: limits, vectors: vectors)
  }

  /// The same for bytes.
  static func outcome(
    _ line: [UInt8], limits: Limits = Limits(), vectors: VectorBuffer = VectorBuffer()
  ) -> RequestDecoder.Outcome {
    var decoder = RequestDecoder(limits: limits)
    return decoder.decode(line.span, into: vectors)
  }

  /// What a line asks; nil if it is refused.
  static func request(_ line: String, vectors: VectorBuffer = VectorBuffer()) -> Request? {
    guard case .request(let request) = outcome(line, vectors: vectors) else { return nil }
    return request
  }

  /// The answer line to a refused line, without its LF; nil if it is not refused.
  static func refusal(_ line: [UInt8], limits: Limits = Limits()) -> String? {
    guard case .failure(let id, let error) = outcome(line, limits: limits) else { return nil }
    var encoder = AnswerEncoder()
    encoder.error(error, id: id)
    return text(of: encoder).hasSuffix("\n") ? String(text(of: encoder).dropLast()) : nil
  }

  /// The answer line to a refused line.
  static func refusal(_ line: String, limits: Limits = Limits()) -> String? {
    refusal(Array(line.utf8), limits: limits)
  }

  /// Everything that was written.
  static func text(of encoder: borrowing AnswerEncoder) -> String {
    String(decoding: encoder.buffer.bytes, as: UTF8.self)
  }

  /// A request line of some parameters.
  static func line(_ method: String, _ params: String) -> String {
    #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":\#(params)}"#
  }

  /// The numbers of a buffer.
  static func numbers(of vectors: VectorBuffer) -> [Float] {
    vectors.withNumbers { numbers in numbers.indices.map { numbers[$0] } }
  }
}

extension WireProtocol.Request {
  /// The search that is asked for; nil for other requests.
  var search: SearchRequest? { if case .search(let search) = body { search } else { nil } }
  /// The match that is asked for; nil for other requests.
  var match: MatchRequest? { if case .match(let match) = body { match } else { nil } }
}
