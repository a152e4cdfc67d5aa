import Testing
import WireProtocol

/// Parameters that are refused, with the exact answer.
@Suite struct ParameterRefusalTests {
  private static func search(_ params: String, _ pointer: String, _ message: String, _ more: String = "") -> Refusal {
    .params("search", params, "/params\(pointer)", message, more)
  }

  private static func large(_ method: String, _ params: String, _ pointer: String, _ message: String, _ more: String)
    -> Refusal
  {
    Refusal(
      Wire.line(method, params),
      #"{"jsonrpc":"2.0","id":7,"error":{"code":1011,"message":"\#(message)","data":{"kind":"too_large","pointer":"\#(pointer)",\#(more),"retryable":false}}}"#
    )
  }

  private static let whole = "expected a whole number"

  static let searches = [
    search("{}", "", "one of vector, vectors, key is missing"),
    Refusal(
      #"{"jsonrpc":"2.0","id":7,"method":"search"}"#,
      #"{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"one of vector, vectors, key is missing","data":{"kind":"invalid_params","pointer":"/params","retryable":false}}}"#
    ),
    search(#"{"vector":[1],"key":"a"}"#, "/key", "expected one of vector, vectors, key; there is vector already"),
    search(#"{"key":"a","vectors":[[1]]}"#, "/vectors", "expected one of vector, vectors, key; there is key already"),
    search(#"{"key":1}"#, "/key", "expected a string"), search(#"{"key":null}"#, "/key", "expected a string"),
    search(#"{"vector":[1],"k":0}"#, "/k", "expected at least 1", #""got":"0","#),
    search(#"{"vector":[1],"k":-3}"#, "/k", "expected at least 1", #""got":"-3","#),
    search(#"{"vector":[1],"k":2.0}"#, "/k", whole), search(#"{"vector":[1],"k":"10"}"#, "/k", whole),
    search(#"{"vector":[1],"k":1e1}"#, "/k", whole), search(#"{"vector":[1],"k":9007199254740992.5}"#, "/k", whole),
    search(#"{"vector":[1],"k":null}"#, "/k", whole),
    search(#"{"vector":[1],"exact":1}"#, "/exact", "expected true or false"),
    search(#"{"vector":[1],"exact":"true"}"#, "/exact", "expected true or false"),
    search(
      #"{"vector":[1],"score_threshold":"0.5"}"#, "/score_threshold",
      "expected a number within the range of 32-bit floats"),
    search(
      #"{"vector":[1],"score_threshold":1e39}"#, "/score_threshold",
      "expected a number within the range of 32-bit floats"),
    search(#"{"vector":[1],"target_recall":0}"#, "/target_recall", "expected a number above 0 and up to 1"),
    search(#"{"vector":[1],"target_recall":1.01}"#, "/target_recall", "expected a number above 0 and up to 1"),
    search(#"{"vector":[1],"beam_width":0}"#, "/beam_width", "expected at least 1", #""got":"0","#),
    search(#"{"vector":[1],"group_by":"member"}"#, "/group_by", #"expected \"work\""#),
    search(#"{"vector":[1],"group_by":true}"#, "/group_by", #"expected \"work\""#),
    search(#"{"vector":[1],"group_size":0}"#, "/group_size", "expected at least 1", #""got":"0","#),
    search(#"{"vector":[1],"with_attributes":"yes"}"#, "/with_attributes", "expected true or false"),
    search(
      #"{"vector":[1],"with_vectors":true}"#, "/with_vectors",
      #"expected \"f32le\", the form in which vectors are shown, or false"#),
    search(
      #"{"vector":[1],"with_vectors":"f16le"}"#, "/with_vectors",
      #"expected \"f32le\", the form in which vectors are shown, or false"#),
    search(#"{"vector":[1],"min_seq":-1}"#, "/min_seq", "expected at least 0", #""got":"-1","#),
    search(#"{"vector":[1],"min_seq":"5"}"#, "/min_seq", whole),
    search(#"{"vector":[1],"deadline_ms":0}"#, "/deadline_ms", "expected at least 1", #""got":"0","#),
    search(#"{"vector":[1],"model":7}"#, "/model", "expected a string"),
    search(#"{"vector":[1],"fliter":{}}"#, "/fliter", "unknown parameter; did you mean filter?"),
    search(
      #"{"vector":[1],"score_treshold":1}"#, "/score_treshold", "unknown parameter; did you mean score_threshold?"),
    search(
      #"{"vector":[1],"K":1}"#, "/K",
      "unknown parameter; known are vector, vectors, key, filter, group_by, group_size, with_attributes, with_vectors, min_seq, deadline_ms, model, use, score_threshold, k, exact, beam_width, target_recall"
    ),
    search(
      #"{"vector":[1],"limit":5}"#, "/limit",
      "unknown parameter; known are vector, vectors, key, filter, group_by, group_size, with_attributes, with_vectors, min_seq, deadline_ms, model, use, score_threshold, k, exact, beam_width, target_recall"
    ),
    search(#"{"vector":[1],"vec~to/r":5}"#, "/vec~0to~1r", "unknown parameter; did you mean vector?"),
  ]

  static let others: [Refusal] = [
    .params("match", #"{"vector":[1]}"#, "/params/score_threshold", "score_threshold is missing"),
    .params("match", #"{"score_threshold":1}"#, "/params", "one of vector, vectors, key is missing"),
    .params(
      "match", #"{"vector":[1],"score_threshold":1,"k":5}"#, "/params/k",
      "match answers everything at or above score_threshold; use search for the k nearest"),
    .params(
      "match", #"{"vector":[1],"score_threshold":1,"limit":0}"#, "/params/limit", "expected at least 1", #""got":"0","#),
    .params("match", #"{"vector":[1],"score_threshold":1,"cursor":5}"#, "/params/cursor", "expected a string"),
    .params("items.get", "{}", "/params/keys", "keys is missing"),
    .params("items.get", #"{"keys":"a"}"#, "/params/keys", "expected an array of strings"),
    .params("items.get", #"{"keys":["a",1]}"#, "/params/keys/1", "expected a string"),
    .params("items.get", #"{"key":["a"]}"#, "/params/key", "unknown parameter; did you mean keys?"),
    .params("items.count", #"{"fitler":{}}"#, "/params/fitler", "unknown parameter; did you mean filter?"),
    .params("items.count", #"{"filter":[]}"#, "/params/filter", "expected an object with must, should or must_not"),
    .params("members.list", #"{"member":"a"}"#, "/params/member", "unknown parameter; known are limit, cursor"),
    .params("members.list", #"{"limit":0}"#, "/params/limit", "expected at least 1", #""got":"0","#),
    .params("works.list", #"{"member":1}"#, "/params/member", "expected a string"),
    .params("engine.health", #"{"verbose":true}"#, "/params/verbose", "unknown parameter; there are none"),
    .params("engine.hello", #"{"client":1}"#, "/params/client", "expected a string"),
    .params("engine.hello", #"{"clients":"a"}"#, "/params/clients", "unknown parameter; did you mean client?"),
  ]

  static let tooLarge: [Refusal] = [
    large("search", #"{"vector":[1],"k":10001}"#, "/params/k", "k is at most 10000", #""limit":10000,"got":"10001""#),
    large(
      "search", #"{"vector":[1],"group_size":101}"#, "/params/group_size", "group_size is at most 100",
      #""limit":100,"got":"101""#),
    large(
      "search", #"{"vector":[1],"deadline_ms":86400001}"#, "/params/deadline_ms", "deadline_ms is at most 86400000",
      #""limit":86400000,"got":"86400001""#),
    large(
      "search", #"{"k":10000,"vectors":[[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1]]}"#, "/params/k",
      "k times vectors is at most 100000; ask for fewer hits or send several requests",
      #""limit":100000,"got":"110000""#),
    large(
      "search", #"{"vector":[1],"k":10000,"group_by":"work","group_size":11}"#, "/params/k",
      "k times vectors times group_size is at most 100000; ask for fewer hits or send several requests",
      #""limit":100000,"got":"110000""#),
    large(
      "match", #"{"vector":[1],"score_threshold":1,"limit":100001}"#, "/params/limit", "limit is at most 100000",
      #""limit":100000,"got":"100001""#),
    large(
      "members.list", #"{"limit":10001}"#, "/params/limit", "limit is at most 10000", #""limit":10000,"got":"10001""#),
    large(
      "items.get", "{\"keys\":[\(Array(repeating: "\"a\"", count: 10_001).joined(separator: ","))]}", "/params/keys",
      "a request names at most 10000 keys", #""limit":10000"#),
  ]

  @Test(arguments: searches + others + tooLarge)
  func isAnsweredExactlySo(_ refusal: Refusal) {
    #expect(Wire.refusal(refusal.line) == refusal.answer)
  }

  @Test func asManyHitsAsTheLimitAreFine() {
    #expect(
      Wire.request(Wire.line("search", #"{"k":10000,"vectors":[[1],[1],[1],[1],[1],[1],[1],[1],[1],[1]]}"#)) != nil)
    #expect(Wire.request(Wire.line("search", #"{"k":10000,"group_by":"work","group_size":10,"vector":[1]}"#)) != nil)
    #expect(Wire.request(Wire.line("search", #"{"k":10000,"group_size":100,"vector":[1]}"#)) != nil)
  }

  /// The answer is the same wherever `method` and `id` stand.
  @Test(arguments: searches)
  func theOrderOfMembersDoesNotMatter(_ refusal: Refusal) throws {
    guard let params = refusal.line.split(separator: #""params":"#).dropFirst().first?.dropLast() else { return }
    #expect(Wire.refusal(#"{"params":\#(params),"method":"search","jsonrpc":"2.0","id":7}"#) == refusal.answer)
    #expect(Wire.refusal(#"{"method":"search","jsonrpc":"2.0","params":\#(params),"id":7}"#) == refusal.answer)
  }
}
