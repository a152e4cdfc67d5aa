import Testing
import VectorFiles

/// The formats without a text header: `.fvecs`, `.bvecs`, `.ivecs`, `.fbin`, `.ibin`.
@Suite struct PackedRowsTests {
  static func floats(_ numbers: [Float]) -> [UInt8] { littleEndian(numbers.map(\.bitPattern)) }
  static func row(_ numbers: [Float]) -> [UInt8] { littleEndian([Int32(numbers.count)]) + floats(numbers) }

  @Test(arguments: [1, 2, 5]) func readsFvecs(batch: Int) throws {
    let file = try TemporaryFile("v.fvecs", Self.row([1, -2]) + Self.row([0.5, 4]) + Self.row([5, 6]))
    let reader = try VectorFile.open(file.path)
    #expect(reader.count == 3 && reader.dimension == 2 && reader.scalar == .float32)
    #expect(try allVectors(file.path, batch: batch) == [1, -2, 0.5, 4, 5, 6])
  }

  @Test func readsBvecs() throws {
    let file = try TemporaryFile("v.bvecs", littleEndian([Int32(3)]) + [0, 128, 255])
    #expect(try allVectors(file.path, batch: 4) == [0, 128, 255])
  }

  @Test(arguments: [1, 2, 5]) func readsFbin(batch: Int) throws {
    let file = try TemporaryFile("v.fbin", littleEndian([UInt32(3), 2]) + Self.floats([1, -2, 0.5, 4, 5, 6]))
    #expect(try allVectors(file.path, batch: batch) == [1, -2, 0.5, 4, 5, 6])
  }

  @Test func readsTables() throws {
    var numbers: [Int64] = []
    let vecs = try TemporaryFile("n.ivecs", littleEndian([Int32(2), -1, 7, 2, 8, 9]))
    try IntegerFile.openTable(vecs.path).read(upTo: 5, into: &numbers)
    #expect(numbers == [-1, 7, 8, 9])
    let bin = try TemporaryFile("n.ibin", littleEndian([Int32(2), 2, -1, 7, 8, 9]))
    try IntegerFile.openTable(bin.path).read(upTo: 5, into: &numbers)
    #expect(numbers == [-1, 7, 8, 9])
    let array = "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 2), }\n"
    let npyFile = try TemporaryFile("n.npy", npy(array, data: littleEndian([Int32(-1), 7, 8, 9])))
    let reader = try IntegerFile.openTable(npyFile.path)
    #expect(reader.columns == 2)
    try reader.read(upTo: 5, into: &numbers)
    #expect(numbers == [-1, 7, 8, 9])
  }

  static let broken: [(name: String, bytes: [UInt8], message: String)] = [
    ("v.fvecs", [], ", byte 0: the file ends before the first row's length (4 bytes)"),
    ("v.fvecs", [2, 0, 0], ", byte 3: the file ends before the first row's length (4 bytes)"),
    ("v.fvecs", littleEndian([Int32(0)]), ", byte 0: row 0 says that it has 0 numbers; 1 to 65536 are read"),
    ("v.fvecs", littleEndian([Int32(-5)]), ", byte 0: row 0 says that it has -5 numbers; 1 to 65536 are read"),
    (
      "v.fvecs", littleEndian([Int32.max]),
      ", byte 0: row 0 says that it has 2147483647 numbers; 1 to 65536 are read"
    ),
    (
      "v.fvecs", row([1, 2]) + row([3, 4]).dropLast(),
      ", byte 12: row 1 is cut off: 11 bytes where a row of 2 numbers takes 12"
    ),
    (
      "v.fvecs", row([1, 2]) + row([3]) + row([4]).dropLast(4),
      ", byte 12: row 1 says that it has 1 numbers, but the first row has 2"
    ),
    ("v.fbin", [1, 0, 0, 0], ", byte 4: the file ends inside its header (8 bytes: rows and dimension)"),
    (
      "v.fbin", littleEndian([UInt32(2), 2]) + floats([1, 2, 3]),
      ", byte 0: the header promises 2 rows of 2 numbers, 16 bytes, but 12 bytes follow it; "
        + "the file is cut off or its header is wrong"
    ),
    (
      "v.fbin", littleEndian([UInt32.max, .max]),
      ", byte 0: the dimension is 4294967295; at most 65536 are read"
    ),
    (
      "v.fbin", littleEndian([UInt32(1), 1]) + floats([1, 2]),
      ", byte 12: 4 bytes follow the last row that the header promises (1 rows of 1 numbers)"
    ),
  ]

  @Test(arguments: broken) func refuses(_ file: (name: String, bytes: [UInt8], message: String)) throws {
    let temporary = try TemporaryFile(file.name, file.bytes)
    #expect(failure { _ = try allVectors(temporary.path, batch: 4) } == file.name + file.message)
  }
}
