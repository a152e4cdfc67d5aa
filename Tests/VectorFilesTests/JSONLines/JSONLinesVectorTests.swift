import Testing
import VectorFiles

@Suite struct JSONLinesVectorTests {
  static func rows(
    _ text: String, dimension: Int? = nil, batch: Int = 100
  ) throws -> (vectors: [Float], items: [Result<ItemMetadata, RefusedRow>]) {
    let file = try TemporaryFile("v.jsonl", text: text)
    let reader = try VectorFile.open(file.path, dimension: dimension)
    var block = VectorBlock()
    var vectors: [Float] = []
    var items: [Result<ItemMetadata, RefusedRow>] = []
    while try reader.read(upTo: batch, into: &block) > 0 {
      #expect(block.firstRow == items.count && block.items.count == block.rowCount)
      vectors += block.vectors
      items += block.items
    }
    return (vectors, items)
  }

  @Test(arguments: [1, 2, 3, 100]) func readsVectorsWithMetadata(batch: Int) throws {
    let (vectors, items) = try Self.rows(
      """
      {"key": "a", "vector": [1, -2.5, 3e-2], "year": 2001}
      {"vector": [0, 0.1, 16777217], "key": "b", "member": "m"}
      {"vector": {"b64": "AACAPwAAAMAAAIA+", "dtype": "f32le", "shape": [3]}}
      {"vector": {"dtype": "f16le", "b64": "ADwAwAA0"}}
      {"vector": {"dtype": "i8", "b64": "AX+A", "shape": [1, 3]}}
      {"vector": {"dtype": "i8", "b64": "AX\\u002bA", "scale": 0.5, "_from": {"vector": []}}}
      """, batch: batch)
    #expect(vectors == [1, -2.5, 0.03, 0, 0.1, 16_777_216, 1, -2, 0.25, 1, -2, 0.25, 1, 127, -128, 0.5, 63.5, -64])
    #expect(
      items == [
        .success(ItemMetadata(key: "a", attributes: #"{"year": 2001}"#)),
        .success(ItemMetadata(key: "b", member: "m")),
        .success(ItemMetadata()), .success(ItemMetadata()), .success(ItemMetadata()), .success(ItemMetadata()),
      ])
  }

  static let refused: [(line: String, reason: String)] = [
    (#"{"key":"a"}"#, "byte 17: \"vector\" is missing"),
    (#"{"vector":[1,2,3]}"#, "byte 27: \"vector\" has 3 numbers; 2 are needed"),
    (#"{"vector":[]}"#, "byte 27: /vector: the vector has no numbers"),
    (#"{"vector":[1,"2"]}"#, "byte 30: /vector/1: expected a number"),
    (#"{"vector":[1,1e39]}"#, "byte 30: /vector/1: the number is beyond the range of 32-bit floats"),
    (#"{"vector":[1,2"#, "byte 31: the text ends too early"),
    (#"{"vector":7}"#, "byte 27: /vector: expected an array of numbers or {\"b64\", \"dtype\"}"),
    (#"{"vector":{}}"#, "byte 27: /vector: b64 is missing"),
    (#"{"vector":{"b64":"AAA="}}"#, "byte 27: /vector: dtype is missing; expected one of f32le, f16le, i8"),
    (
      #"{"vector":{"b64":"AAA","dtype":"i8"}}"#,
      "byte 34: /vector/b64: not base64 (standard alphabet, padded) at character 3"
    ),
    (
      #"{"vector":{"b64":"AAB=","dtype":"i8"}}"#,
      "byte 34: /vector/b64: not base64 (standard alphabet, padded) at character 2"
    ),
    (
      #"{"vector":{"b64":"A A=","dtype":"i8"}}"#,
      "byte 34: /vector/b64: not base64 (standard alphabet, padded) at character 1"
    ),
    (
      #"{"vector":{"b64":"====","dtype":"i8"}}"#,
      "byte 34: /vector/b64: not base64 (standard alphabet, padded) at character 0"
    ),
    (
      #"{"vector":{"b64":"AAA=","dtype":"f32le"}}"#,
      "byte 34: /vector/b64: the bytes are no whole number of f32le numbers, got 2 bytes"
    ),
    (#"{"vector":{"b64":"AAA=","dtype":"f32"}}"#, "byte 49: /vector/dtype: expected one of f32le, f16le, i8, got f32"),
    (
      #"{"vector":{"b64":"AAA=","dtype":"i8","shape":[3]}}"#,
      "byte 62: /vector/shape: the shape needs 3 bytes, got 2 bytes"
    ),
    (#"{"vector":{"b64":"AAA=","type":"i8"}}"#, "byte 41: /vector/type: unknown parameter; did you mean dtype?"),
    (
      #"{"vector": { "_x" : {"type": 1}, "b64": "AAA=", "a/b": 1}}"#,
      "byte 65: /vector/a~1b: unknown parameter; known are b64, dtype, shape, scale"
    ),
    (#"{"vector": { "_x" : [1], "b64" :  7}}"#, "byte 51: /vector/b64: expected a string"),
    (#"{"vector":{"b64":"AACAPwAAgH8=","dtype":"f32le"}}"#, "byte 27: /vector/1: the number is not finite"),
    (#"{"vector":{"b64":"AAA=","b64":"AAA="}}"#, "byte 41: the key \"b64\" stands twice in one object"),
    (#"{"vector":null}"#, "byte 27: /vector: expected an array of numbers or {\"b64\", \"dtype\"}"),
  ]

  @Test(arguments: refused) func refusesALineInItsPlace(_ example: (line: String, reason: String)) throws {
    let (vectors, items) = try Self.rows("{\"vector\":[1,2]}\n\(example.line)\n{\"vector\":[3,4]}\n")
    #expect(vectors == [1, 2, 0, 0, 3, 4])
    #expect(MetadataReaderTests.refusal(items[1]) == "line 2, " + example.reason)
  }

  @Test func takesTheDimensionFromTheFirstSoundLine() throws {
    let (vectors, items) = try Self.rows("{}\n{\"vector\":[]}\n{\"vector\":[1,2]}\n")
    #expect(vectors == [0, 0, 0, 0, 1, 2])
    #expect(items.count == 3)
  }

  @Test func takesVectorsUpToTheGreatestDimension() throws {
    let numbers = repeatElement("1", count: 65_536).joined(separator: ",")
    let (vectors, items) = try Self.rows("{\"vector\":[\(numbers)]}\n{\"vector\":[\(numbers),1]}\n")
    #expect(vectors.count == 2 * 65_536 && vectors[..<65_536].allSatisfy { $0 == 1 })
    #expect(items.first == .success(ItemMetadata()))
    #expect(
      MetadataReaderTests.refusal(items[1])?.hasSuffix(": /vector: a vector has at most 65536 numbers") == true)
  }

  @Test func takesTheDimensionFromTheCaller() throws {
    let (vectors, items) = try Self.rows("{\"vector\":[9]}\n{\"vector\":[1,2]}\n", dimension: 2)
    #expect(vectors == [0, 0, 1, 2])
    #expect(MetadataReaderTests.refusal(items[0]) == "line 1, byte 10: \"vector\" has 1 numbers; 2 are needed")
    let file = try TemporaryFile("v.fbin", littleEndian([UInt32(1), 1, 0]))
    #expect(
      failure { _ = try VectorFile.open(file.path, dimension: 2) }
        == "v.fbin: the vectors have 1 numbers; 2 are needed")
  }

  @Test func saysThatNoLineHasAVector() throws {
    let file = try TemporaryFile("v.jsonl", text: "{\"key\":\"a\"}\n")
    #expect(
      failure { _ = try VectorFile.open(file.path) }
        == "v.jsonl: no line has a vector; line 1, byte 0: \"vector\" is missing")
  }

  /// Numbers as other programs print them, and the ones that round badly, against the standard library.
  @Test func roundsEveryNumberToTheNearest() throws {
    var random = SystemIndependentRandom(state: 3)
    var texts = [
      "0", "-0", "0.1", "1e-45", "7e-46", "1.17549435e-38", "3.4028235e38", "340282346638528859811704183484516925440",
      "16777217", "16777217.0000000001", "1.00000005960464477539", "1.000000059604644775390625",
      "1.00000005960464477539062500001", "123456789012345678901234567890", "0.000000000000000000000000000001",
      "9007199254740993", "4.9e-324", "1e-400", "100000000000000000000000e-23",
    ]
    for _ in 0..<2_000 {
      let value = Float(bitPattern: UInt32(random.next(below: 0x7F80_0000)))
      texts += ["\(value)", "\(Double(value))", "\((Double(value) + Double(value.nextUp)) / 2)"]
    }
    texts.removeAll { Float($0)?.isFinite != true }
    let file = try TemporaryFile("v.jsonl", text: "{\"vector\":[\(texts.joined(separator: ","))]}")
    var block = VectorBlock()
    try VectorFile.open(file.path).read(upTo: 1, into: &block)
    #expect(block.vectors.count == texts.count)
    let wrong = zip(texts, block.vectors).filter { Float($0)?.bitPattern != $1.bitPattern }
    #expect(wrong.map(\.0) == [])
  }
}
