import Testing
import VectorFiles

@Suite struct NpyLabelTests {
  static func labels(_ descriptor: String, _ data: [UInt8], count: Int, shape: String? = nil) -> [UInt8] {
    npy("{'descr': '\(descriptor)', 'fortran_order': False, 'shape': \(shape ?? "(\(count),)"), }\n", data: data)
  }

  static let types: [(descriptor: String, data: [UInt8], expected: [Int64])] = [
    ("|b1", [0, 1, 2], [0, 1, 1]),
    ("|i1", [0x80, 0, 0x7F], [-128, 0, 127]),
    ("<i1", [0xFF, 0, 1], [-1, 0, 1]),
    ("|u1", [0x80, 0, 0xFF], [128, 0, 255]),
    ("<i2", littleEndian([Int16.min, 0, Int16.max]), [-32_768, 0, 32_767]),
    ("<u2", littleEndian([UInt16.max, 0, 1]), [65_535, 0, 1]),
    ("<i4", littleEndian([Int32.min, 0, Int32.max]), [-2_147_483_648, 0, 2_147_483_647]),
    ("<u4", littleEndian([UInt32.max, 0, 1]), [4_294_967_295, 0, 1]),
    ("<i8", littleEndian([Int64.min, 0, Int64.max]), [.min, 0, .max]),
    ("<u8", littleEndian([UInt64(Int64.max), 0, 1]), [.max, 0, 1]),
  ]

  @Test(arguments: types)
  func readsEveryKindOfWholeNumber(_ type: (descriptor: String, data: [UInt8], expected: [Int64])) throws {
    let file = try TemporaryFile("l.npy", Self.labels(type.descriptor, type.data, count: 3))
    let reader = try IntegerFile.openLabels(file.path)
    var numbers: [Int64] = []
    #expect(reader.count == 3 && reader.columns == 1)
    #expect(try reader.read(upTo: 2, into: &numbers) == 2)
    #expect(numbers == Array(type.expected[..<2]))
    #expect(try reader.read(upTo: 2, into: &numbers) == 1)
    #expect(numbers == Array(type.expected[2...]))
    #expect(try reader.read(upTo: 2, into: &numbers) == 0)
  }

  @Test func refusesANumberBeyondTheRange() throws {
    let data = littleEndian([UInt64(1), UInt64.max])
    let file = try TemporaryFile("l.npy", Self.labels("<u8", data, count: 2))
    let offset = try file.bytes.count - 8
    let reader = try IntegerFile.openLabels(file.path)
    var numbers: [Int64] = []
    #expect(
      failure { _ = try reader.read(upTo: 9, into: &numbers) }
        == "l.npy, byte \(offset): the number in row 1 is beyond 9223372036854775807, the largest that is kept")
  }

  @Test(arguments: [
    ("<f4", "(2,)", 8, "byte 20: the numbers are <f4; whole numbers are needed here: save array.astype('<i8')"),
    ("<i4", "(2, 1)", 8, "byte 60: the array has rank 2; rank 1 is needed: one number a row"),
    (">i4", "(2,)", 8, "byte 20: the numbers are big-endian ('>i4'); save array.astype('<i4')"),
  ])
  func refusesOtherArrays(descriptor: String, shape: String, byteCount: Int, expected: String) throws {
    let bytes = Self.labels(descriptor, [UInt8](repeating: 0, count: byteCount), count: 2, shape: shape)
    let file = try TemporaryFile("l.npy", bytes)
    #expect(failure { _ = try IntegerFile.openLabels(file.path) } == "l.npy, " + expected)
  }

  @Test func returnsTheLabelsThatWereWritten() throws {
    let file = try TemporaryFile("l.npy")
    var numbers: [Int64] = []
    try NpyWriter.write(file.path, labels: [Int32.min, -1, 0, .max].span)
    try IntegerFile.openLabels(file.path).read(upTo: 9, into: &numbers)
    #expect(numbers == [-2_147_483_648, -1, 0, 2_147_483_647])
    try NpyWriter.write(file.path, labels: [Int64.min, -1, 0, .max].span)
    try IntegerFile.openLabels(file.path).read(upTo: 9, into: &numbers)
    #expect(numbers == [.min, -1, 0, .max])
  }
}
