import TestSupport
import Testing
import WireProtocol

/// Every form in which vectors come.
@Suite struct VectorFormTests {
  private func vectors(_ params: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> VectorBuffer {
    let buffer = VectorBuffer()
    let line = Wire.line("search", params)
    _ = try #require(
      Wire.request(line, vectors: buffer)?.search, "\(Wire.refusal(line) ?? "")", sourceLocation: sourceLocation)
    return buffer
  }

  @Test(arguments: ["[1,-0.5,2e-1]", "[ 1 , -0.5 , 2e-1 ]", "[1.0,-5E-1,0.2]", "[1.00000000000000000000000,-0.5,0.2]"])
  func anArrayIsOneVector(_ array: String) throws {
    let buffer = try vectors(#"{"vector":\#(array)}"#)
    #expect(Wire.numbers(of: buffer) == [1, -0.5, 0.2])
    #expect((buffer.count, buffer.dimension) == (1, 3))
    #expect(buffer.pointer(to: 0) == "/params/vector")
    #expect(!buffer.isUnscaledInteger)
  }

  @Test func anArrayOfArraysIsSeveral() throws {
    let buffer = try vectors(#"{"vectors":[[1,2],[3.5,-4],[0.25,0.5]]}"#)
    #expect(Wire.numbers(of: buffer) == [1, 2, 3.5, -4, 0.25, 0.5])
    #expect((buffer.count, buffer.dimension) == (3, 2))
    #expect(buffer.pointer(to: 2) == "/params/vectors/2")
  }

  @Test func onlyOneOfSeveralIsStillCalledByItsPlace() throws {
    let buffer = try vectors(#"{"vectors":[[1,2]]}"#)
    #expect(buffer.isMany)
    #expect(buffer.pointer(to: 0) == "/params/vectors/0")
  }

  /// The members of a packed vector may stand in any order, with others that are ignored.
  @Test(arguments: [0, 1, 2, 3, 4, 5])
  func packedFloatsAreTheSameNumbers(_ order: Int) throws {
    let numbers: [Float] = [1, -0.5, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0, 3.1415927]
    let members = [#""b64":"\#(Packing.f32(numbers))""#, #""dtype":"f32le""#, #""shape":[2,3]"#]
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    let text = orders[order].map { members[$0] }.joined(separator: ",")
    let buffer = try vectors(#"{"vectors":{"_why":{"a":[1]},\#(text)}}"#)
    #expect(Wire.numbers(of: buffer).map(\.bitPattern) == numbers.map(\.bitPattern))
    #expect((buffer.count, buffer.dimension) == (2, 3))
  }

  @Test(arguments: ["", #","shape":[6]"#, #","shape":[1,6]"#])
  func aSinglePackedVectorMayLackItsShape(_ shape: String) throws {
    let buffer = try vectors(#"{"vector":{"b64":"\#(Packing.i8([1, -2, 3, 127, -128, 0]))","dtype":"i8"\#(shape)}}"#)
    #expect(Wire.numbers(of: buffer) == [1, -2, 3, 127, -128, 0])
    #expect((buffer.count, buffer.dimension) == (1, 6))
    #expect(buffer.isUnscaledInteger)
  }

  @Test func bytesAreScaledOnRequest() throws {
    let buffer = try vectors(#"{"vector":{"scale":0.5,"b64":"\#(Packing.i8([1, -2, 3]))","dtype":"i8"}}"#)
    #expect(Wire.numbers(of: buffer) == [0.5, -1, 1.5])
    #expect(!buffer.isUnscaledInteger)
  }

  /// All halves that are finite; and the others are refused, each by its place.
  @Test func halvesBecomeTheFloatsThatTheyAre() throws {
    let finite = (UInt16.min...UInt16.max).filter { Float16(bitPattern: $0).isFinite }
    for start in stride(from: 0, to: finite.count, by: 5000) {
      let halves = Array(finite[start..<min(start + 5000, finite.count)])
      let buffer = try vectors(#"{"vector":{"b64":"\#(Packing.f16(halves))","dtype":"f16le"}}"#)
      #expect(
        Wire.numbers(of: buffer).map(\.bitPattern) == halves.map { Float(Float16(bitPattern: $0)).bitPattern })
    }
    for half in (UInt16.min...UInt16.max).filter({ !Float16(bitPattern: $0).isFinite }) {
      let line = Wire.line("search", #"{"vector":{"b64":"\#(Packing.f16([0, half, 0]))","dtype":"f16le"}}"#)
      guard case .failure(_, let error) = Wire.outcome(line),
        error == .invalid("/params/vector/1", "the number is not finite")
      else {
        Issue.record("\(half)")
        continue
      }
    }
  }

  @Test(arguments: 1..<40)
  func everyFormGivesTheSameNumbers(_ dimension: Int) throws {
    var random = SeededGenerator(seed: UInt64(dimension))
    let bytes = (0..<3 * dimension).map { _ in Int8.random(in: -128...127, using: &random) }
    let numbers = bytes.map { Float($0) / 64 }
    let rows = (0..<3).map { row in
      "[" + numbers[row * dimension..<(row + 1) * dimension].map(\.description).joined(separator: ", ") + "]"
    }
    let shape = #""shape":[3,\#(dimension)]"#
    for form in [
      "[\(rows.joined(separator: ","))]",
      #"{"b64":"\#(Packing.f32(numbers))","dtype":"f32le",\#(shape)}"#,
      #"{"b64":"\#(Packing.f16(numbers.map { Float16($0).bitPattern }))","dtype":"f16le",\#(shape)}"#,
      #"{"b64":"\#(Packing.i8(bytes))","dtype":"i8","scale":0.015625,\#(shape)}"#,
    ] {
      let buffer = try vectors(#"{"vectors":\#(form)}"#)
      #expect(Wire.numbers(of: buffer) == numbers)
      #expect((buffer.count, buffer.dimension) == (3, dimension))
    }
  }

  /// A buffer keeps nothing of an earlier request.
  @Test func aBufferIsReused() throws {
    let buffer = VectorBuffer()
    let large = Wire.line(
      "search",
      #"{"vectors":{"b64":"\#(Packing.i8(Array(repeating: 7, count: 40_000)))","dtype":"i8","shape":[5,8000]}}"#)
    #expect(Wire.request(large, vectors: buffer) != nil)
    #expect(buffer.count == 5 && buffer.isUnscaledInteger)
    #expect(Wire.request(Wire.line("search", #"{"vector":[1.5,2.5]}"#), vectors: buffer) != nil)
    #expect(Wire.numbers(of: buffer) == [1.5, 2.5])
    #expect(!buffer.isUnscaledInteger && !buffer.isMany)
    #expect(Wire.request(Wire.line("search", #"{"key":"a"}"#), vectors: buffer) != nil)
    #expect(buffer.count == 0 && buffer.dimension == 0)
  }

  @Test func theGreatestRequestFits() throws {
    let dimension = Limits().dimension
    let one = "[" + Array(repeating: "0.5", count: dimension).joined(separator: ",") + "]"
    #expect(try vectors(#"{"vector":\#(one)}"#).dimension == dimension)
    let many = "[" + Array(repeating: "[1]", count: Limits().vectors).joined(separator: ",") + "]"
    #expect(try vectors(#"{"vectors":\#(many),"k":1}"#).count == Limits().vectors)
    let packed = Packing.i8(Array(repeating: 1, count: 1024 * dimension))
    #expect(try vectors(#"{"vectors":{"b64":"\#(packed)","dtype":"i8","shape":[1024,\#(dimension)]}}"#).count == 1024)
  }
}
