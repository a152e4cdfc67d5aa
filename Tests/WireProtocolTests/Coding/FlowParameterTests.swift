import Testing
import WireProtocol

/// Parameters that say how a request is carried out, and answers about it.
@Suite struct FlowParameterTests {
  private func cancel(_ params: String) -> CancelRequest? {
    guard case .cancel(let request)? = Wire.request(Wire.line("engine.cancel", params))?.body else { return nil }
    return request
  }

  @Test func cancelNamesIdsOrAll() {
    #expect(cancel(#"{"ids":[1,"a",-3]}"#)?.ids == [.integer(1), .string("a"), .integer(-3)])
    #expect(cancel(#"{"ids":[]}"#)?.ids == [])
    #expect(cancel(#"{"_why":1,"all":true}"#)?.isForAll == true)
    #expect(cancel(#"{"ids":[1]}"#)?.isForAll == false)
  }

  @Test(
    arguments: [
      ("{}", "/params", "expected one of ids (an array of request ids) and all (true)"),
      (#"{"ids":[1],"all":true}"#, "/params", "expected one of ids (an array of request ids) and all (true)"),
      (#"{"all":false}"#, "/params/all", "expected true; to cancel some requests, name them in ids"),
      (#"{"ids":1}"#, "/params/ids", "expected an array of request ids"),
      (#"{"ids":[1,null]}"#, "/params/ids/1", "expected a request id: a string of 1 to 128 bytes or an integer"),
      (#"{"ids":[1.5]}"#, "/params/ids/0", "expected a request id: a string of 1 to 128 bytes or an integer"),
      (#"{"id":[1]}"#, "/params/id", "unknown parameter; did you mean ids?"),
    ])
  func otherFormsOfCancelAreRefused(_ params: String, _ pointer: String, _ message: String) {
    #expect(
      Wire.refusal(Wire.line("engine.cancel", params))
        == #"{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"\#(message)","data":{"kind":"invalid_params","pointer":"\#(pointer)","retryable":false}}}"#
    )
  }

  @Test(arguments: ["index.build", "index.compact"])
  func progressIsAskedForByToken(_ method: String) {
    func token(_ text: String) -> RequestID? {
      switch Wire.request(Wire.line(method, #"{"progress_token":\#(text)}"#))?.body {
      case .indexBuild(let request), .indexCompact(let request): request.progressToken
      default: nil
      }
    }
    #expect(token("7") == .integer(7))
    #expect(token(#""build""#) == .string("build"))
    #expect(token("null") == nil)
    for text in [#""""#, "1.5", "true", "\"\(String(repeating: "x", count: 129))\""] {
      #expect(
        Wire.refusal(Wire.line(method, #"{"progress_token":\#(text)}"#))?.contains("/params/progress_token") == true)
    }
  }

  @Test(
    arguments: [
      ("items.upsert", #""items":[]"#), ("items.remove", #""keys":["a"]"#), ("members.put", #""member":"a""#),
      ("works.put", #""member":"a","work":"1""#), ("members.remove", #""member":"a""#),
      ("works.remove", #""member":"a","work":"1""#), ("search", #""key":"a""#),
      ("match", #""key":"a","score_threshold":1"#),
      ("permissions.revoke", #""id":"a","revoked_at":"2025-01-01""#),
    ])
  func searchesAndEditsTakeADeadline(_ method: String, _ params: String) {
    #expect(Wire.request(Wire.line(method, "{\(params),\"deadline_ms\":250}"))?.body.deadline == 250)
    #expect(Wire.request(Wire.line(method, "{\(params)}"))?.body.deadline == nil)
    #expect(Wire.refusal(Wire.line(method, "{\(params),\"deadline_ms\":0}"))?.contains("/params/deadline_ms") == true)
  }

  @Test func answersAboutFlowAreWritten() {
    var encoder = AnswerEncoder()
    encoder.progress(token: .string("b"), stage: "walks", done: 3, total: 9)
    encoder.cancelled(.integer(4), 2, notInProgress: [.integer(5), .string("x"), .integer(6)])
    encoder.error(WireError(.overloaded, "too much", limit: 64, retryAfter: 12), id: .integer(8))
    encoder.beginResults(.integer(9))
    encoder.entryNotSearched(isGrouped: false)
    encoder.entryNotSearched(isGrouped: false)
    encoder.endResults(.init(sequence: 1))
    encoder.beginResults(.integer(10))
    encoder.entryNotSearched(isGrouped: true)
    encoder.endResults(.init(sequence: 1))
    let expected = [
      #"{"jsonrpc":"2.0","method":"progress","params":{"token":"b","stage":"walks","done":3,"total":9}}"#,
      #"{"jsonrpc":"2.0","id":4,"result":{"cancelled":2,"not_in_progress":[5,"x",6]}}"#,
      #"{"jsonrpc":"2.0","id":8,"error":{"code":1001,"message":"too much","data":{"kind":"overloaded","limit":64,"retry_after_ms":12,"retryable":true}}}"#,
      #"{"jsonrpc":"2.0","id":9,"result":{"results":[{"hits":[],"searched":false},{"hits":[],"searched":false}],"seq":1,"exact":true}}"#,
      #"{"jsonrpc":"2.0","id":10,"result":{"results":[{"groups":[],"searched":false}],"seq":1,"exact":true}}"#,
    ]
    #expect(Wire.text(of: encoder) == expected.map { $0 + "\n" }.joined())
  }
}
