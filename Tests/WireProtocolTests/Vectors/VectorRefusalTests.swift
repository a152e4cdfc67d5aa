import Testing
import WireProtocol

/// Vectors that are refused, with the exact answer.
@Suite struct VectorRefusalTests {
  private static func vector(_ value: String, _ place: String, _ message: String, _ more: String = "") -> Refusal {
    .params("search", #"{"vector":\#(value)}"#, "/params/vector\(place)", message, more)
  }

  private static func vectors(_ value: String, _ place: String, _ message: String, _ more: String = "") -> Refusal {
    .params("search", #"{"vectors":\#(value)}"#, "/params/vectors\(place)", message, more)
  }

  private static func large(_ params: String, _ pointer: String, _ message: String, _ limit: Int) -> Refusal {
    Refusal(
      Wire.line("search", params),
      #"{"jsonrpc":"2.0","id":7,"error":{"code":1011,"message":"\#(message)","data":{"kind":"too_large","pointer":"\#(pointer)","limit":\#(limit),"retryable":false}}}"#
    )
  }

  private static let beyond = "the number is beyond the range of 32-bit floats"
  private static let numbers = #"expected an array of numbers or {\"b64\", \"dtype\"}"#
  private static let several = #"expected an array of vectors or {\"b64\", \"dtype\", \"shape\"}"#
  private static let types = "expected one of f32le, f16le, i8"
  private static let shape = "expected [vectors, numbers a vector]"

  static let arrays = [
    vector("[]", "", "the vector has no numbers"), vector("null", "", numbers), vector("0.5", "", numbers),
    vector(#""a""#, "", numbers), vector("[null]", "/0", "expected a number"),
    vector(#"["1"]"#, "/0", "expected a number"),
    vector("[1,[2]]", "/1", "expected a number"), vector("[0.1,0.2,true]", "/2", "expected a number"),
    vector("[1e39]", "/0", beyond), vector("[1,-1e400]", "/1", beyond),
    vector("[0.5,0.25,0.125,0.5,0.25,0.125,1e39,0.5,0.25,0.125,0.5,0.25,0.125]", "/6", beyond),
    vectors("[]", "", "expected at least one vector"), vectors("[[]]", "/0", "the vector has no numbers"),
    vectors("[1,2]", "/0", "expected an array of numbers"), vectors("[[1],2]", "/1", "expected an array of numbers"),
    vectors("7", "", several), vectors("[[1,2],[3,false]]", "/1/1", "expected a number"),
    vectors("[[1,2],[3,1e39]]", "/1/1", beyond),
    vectors(
      "[[1,2],[3]]", "/1", "the vectors of a request must be equally long: 2 numbers, as the first",
      #""got":"1 numbers","#),
    vectors(
      "[[1,2],[3,4],[5,6,7]]", "/2", "the vectors of a request must be equally long: 2 numbers, as the first",
      #""got":"3 numbers","#),
    vectors(
      "[[1],[]]", "/1", "the vectors of a request must be equally long: 1 numbers, as the first", #""got":"0 numbers","#
    ),
    vectors(
      "[[],[1]]", "/1", "the vectors of a request must be equally long: 0 numbers, as the first", #""got":"1 numbers","#
    ),
  ]

  static let packed = [
    vector("{}", "", "b64 is missing"), vector(#"{"dtype":"i8"}"#, "", "b64 is missing"),
    vector(#"{"b64":"AAAA"}"#, "", "dtype is missing; \(types)"),
    vector(#"{"b64":1,"dtype":"i8"}"#, "/b64", "expected a string"),
    vector(#"{"b64":"AAAA","dtype":"f64"}"#, "/dtype", types, #""got":"f64","#),
    vector(#"{"b64":"AAAA","dtype":"F32LE"}"#, "/dtype", types, #""got":"F32LE","#),
    vector(#"{"b64":"AAAA","dtype":32}"#, "/dtype", types),
    vector(#"{"b64":"","dtype":"i8"}"#, "", "the vector has no numbers"),
    vector(
      #"{"b64":"AAAA","dtype":"f32le"}"#, "/b64", "the bytes are no whole number of f32le numbers", #""got":"3 bytes","#
    ),
    vector(
      #"{"b64":"AAAA","dtype":"f16le"}"#, "/b64", "the bytes are no whole number of f16le numbers", #""got":"3 bytes","#
    ),
    vector(#"{"b64":"AAAA","dtype":"i8","typo":1}"#, "/typo", "unknown parameter; did you mean dtype?"),
    vector(#"{"b64":"AAAA","dtype":"i8","Shape":[3]}"#, "/Shape", "unknown parameter; did you mean shape?"),
    vector(
      #"{"b64":"AAAA","dtype":"i8","zzzzzzzz":1}"#, "/zzzzzzzz", "unknown parameter; known are b64, dtype, shape, scale"
    ),
    vector(#"{"b64":"AAAA","dtype":"i8","shape":[2]}"#, "/shape", "the shape needs 2 bytes", #""got":"3 bytes","#),
    vector(
      #"{"b64":"AAAA","dtype":"i8","shape":[3,1]}"#, "/shape", "expected one vector; use `vectors` for several",
      #""got":"3 vectors","#),
    vector(
      #"{"b64":"AAAA","dtype":"i8","shape":[0,3]}"#, "/shape", "expected one vector; use `vectors` for several",
      #""got":"0 vectors","#),
    vector(#"{"b64":"AAAA","dtype":"i8","shape":[]}"#, "/shape", shape),
    vector(#"{"b64":"AAAA","dtype":"i8","shape":3}"#, "/shape", shape),
    vector(#"{"b64":"AAAA","dtype":"i8","shape":[1,3,1]}"#, "/shape", shape),
    vector(#"{"b64":"AAAA","dtype":"i8","shape":[-1]}"#, "/shape", shape),
    vector(#"{"b64":"AAAA","dtype":"i8","shape":[1.5]}"#, "/shape", shape),
    vector(#"{"b64":"AAAA","dtype":"i8","shape":["3"]}"#, "/shape", shape),
    vector(
      #"{"b64":"AAAA","dtype":"i8","scale":0}"#, "/scale",
      "expected a positive number within the range of 32-bit floats"),
    vector(
      #"{"b64":"AAAA","dtype":"i8","scale":1e39}"#, "/scale",
      "expected a positive number within the range of 32-bit floats"),
    vector(#"{"b64":"AAAAAA==","dtype":"f32le","scale":2}"#, "/scale", "scale goes with dtype i8 only"),
    vector(#"{"b64":"AQJ/","dtype":"i8","scale":3e38}"#, "/1", "the number is not finite"),
    vectors(#"{"b64":"AAAA","dtype":"i8"}"#, "/shape", shape),
    vectors(#"{"b64":"AAAA","dtype":"i8","shape":[3]}"#, "/shape", shape),
    vectors(#"{"b64":"","dtype":"i8","shape":[0,3]}"#, "", "expected at least one vector"),
    vectors(#"{"b64":"","dtype":"i8","shape":[2,0]}"#, "/0", "the vector has no numbers"),
    vectors(#"{"b64":"AAAA","dtype":"i8","shape":[2,2]}"#, "/shape", "the shape needs 4 bytes", #""got":"3 bytes","#),
    vector(#"{"b64":"\#(Packing.f32([0, 1, .nan]))","dtype":"f32le"}"#, "/2", "the number is not finite"),
    vectors(
      #"{"b64":"\#(Packing.f32([0, 1, 2, -.infinity]))","dtype":"f32le","shape":[2,2]}"#, "/1/1",
      "the number is not finite"),
    // The first character that does not belong there, with its byte in the line.
    vector(
      #"{"b64":"AA*A","dtype":"i8"}"#, "/b64", "not base64 (standard alphabet, padded) at character 2", #""offset":71,"#
    ),
    vector(
      #"{"b64":"AAA","dtype":"i8"}"#, "/b64", "not base64 (standard alphabet, padded) at character 3", #""offset":72,"#),
  ]

  static let limits = [
    large(
      "{\"vector\":[\(Array(repeating: "0", count: 8193).joined(separator: ","))]}", "/params/vector",
      "a vector has at most 8192 numbers", 8192),
    large(
      "{\"vector\":[\(Array(repeating: "0.5", count: 8193).joined(separator: ","))]}", "/params/vector",
      "a vector has at most 8192 numbers", 8192),
    large(
      "{\"vectors\":[[1],[\(Array(repeating: "0.5", count: 8193).joined(separator: ", "))]]}", "/params/vectors/1",
      "a vector has at most 8192 numbers", 8192),
    large(
      "{\"vectors\":[\(Array(repeating: "[1]", count: 4097).joined(separator: ","))]}", "/params/vectors",
      "a request has at most 4096 vectors; send several", 4096),
    large(
      #"{"vector":{"b64":"\#(Packing.i8(Array(repeating: 1, count: 8193)))","dtype":"i8"}}"#, "/params/vector",
      "a vector has at most 8192 numbers", 8192),
    // Shapes whose product overflows.
    large(
      #"{"vectors":{"b64":"AAAA","dtype":"i8","shape":[4000000000,4000000000]}}"#, "/params/vectors",
      "a request has at most 4096 vectors; send several", 4096),
    large(
      #"{"vectors":{"b64":"AAAA","dtype":"i8","shape":[9007199254740991,9007199254740991]}}"#, "/params/vectors",
      "a request has at most 4096 vectors; send several", 4096),
    large(
      #"{"vectors":{"b64":"AAAA","dtype":"i8","shape":[1,9007199254740991]}}"#, "/params/vectors",
      "a vector has at most 8192 numbers", 8192),
  ]

  @Test(arguments: arrays + packed + limits)
  func isAnsweredExactlySo(_ refusal: Refusal) {
    #expect(Wire.refusal(refusal.line) == refusal.answer)
  }

  @Test(arguments: [
    "[1,]", "[1 2]", "[01]", "[.5]", "[0.5.5]", "[0.5e]", "[+1]", "[NaN]", "[Infinity]", "[1,2", "[-]", "[0.]", "[,1]",
    "[0.25,0.25x,0.25,0.25,0.25,0.25,0.25,0.25,0.25]", "[0.25,,0.25,0.25,0.25,0.25,0.25,0.25,0.25]",
    "[0.25,0.2.5,0.25,0.25,0.25,0.25,0.25,0.25]",
  ])
  func whatIsNoJSONIsAParseError(_ array: String) {
    for line in [Wire.line("search", #"{"vector":\#(array)}"#), Wire.line("search", #"{"vectors":[\#(array)]}"#)] {
      guard case .failure(nil, let error) = Wire.outcome(line) else {
        Issue.record("accepted: \(line)")
        continue
      }
      #expect(error.kind == .parseError)
    }
  }
}
