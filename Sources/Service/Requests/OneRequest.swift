import WireProtocol

/// One request that is answered in this process, for the command line.
public enum OneRequest {
  /// Asks.
  ///
  /// - Parameters:
  ///   - method: The method's name.
  ///   - parameters: A JSON object.
  ///   - catalogue: The catalogue's directory.
  ///   - threads: How many threads may work.
  ///   - patience: How long to wait for another writer.
  ///   - words: Where the parameters came from.
  /// - Returns: The result, as JSON.
  /// - Throws: ``CommandFailure``, which names the option or argument that is at fault; `CatalogueError`; `IndexError`.
  public static func result(
    of method: String, _ parameters: String, catalogue: String, threads: Int = 1, patience: Duration = .zero,
    words: CommandWords = CommandWords()
  ) throws -> String {
    let line = Array(#"{"jsonrpc":"2.0","id":0,"method":"\#(method)","params":\#(parameters)}"#.utf8)
    let vectors = VectorBuffer()
    var decoder = RequestDecoder()
    do {
      switch decoder.decode(line.span, into: vectors) {
      case .failure(_, let error): throw error
      case .request(let request):
        let handler = RequestHandler(
          engine: try Engine(path: catalogue, threads: threads), isReadOnly: false, lockWait: patience)
        defer { handler.editor.close() }
        var encoder = AnswerEncoder()
        try handler.dispatch(request, vectors, .init(received: .now), &encoder)
        return result(in: String(decoding: encoder.buffer.bytes, as: UTF8.self))
      }
    } catch let error as WireError {
      throw words.failure(for: error)
    }
  }

  /// What stands between the envelope's beginning and end.
  private static func result(in line: String) -> String {
    String(line.dropFirst(#"{"jsonrpc":"2.0","id":0,"result":"#.count).dropLast(2))
  }
}
