import Testing
import VectorFiles

@Suite struct NpyRoundTripTests {
  @Test(arguments: [1, 2, 3, 7, 64, 1_000], [1, 3, 16, 257])
  func returnsTheRowsThatWereWritten(batch: Int, dimension: Int) throws {
    let vectors = (0..<37 * dimension).map { Float($0 % 513) / 16 - 8 }
    for precision in [NpyWriter.Precision.float16, .float32] {
      let file = try TemporaryFile("v.npy")
      try NpyWriter.write(file.path, vectors: vectors.span, dimension: dimension, precision: precision)
      #expect(try allVectors(file.path, batch: batch) == vectors)
    }
  }

  @Test func tellsWhereABatchStands() throws {
    let file = try TemporaryFile("v.npy")
    let vectors = (0..<20).map(Float.init)
    try NpyWriter.write(file.path, vectors: vectors.span, dimension: 2, precision: .float32)
    let reader = try VectorFile.open(file.path)
    var block = VectorBlock()
    #expect(try reader.read(upTo: 7, into: &block) == 7)
    #expect(block.firstRow == 0 && block.rowCount == 7 && block.items.isEmpty)
    #expect(try reader.read(upTo: 7, into: &block) == 3)
    #expect(block.firstRow == 7 && Array(block.vectors[block.range(of: 2)]) == [18, 19])
    #expect(try reader.read(upTo: 7, into: &block) == 0)
    #expect(block.rowCount == 0 && block.vectors.isEmpty)
  }

  @Test func readsChunksLargerThanOneSystemCallTakes() throws {
    let file = try TemporaryFile("v.npy")
    let vectors = (0..<3_000 * 100).map { Float($0) }
    try NpyWriter.write(file.path, vectors: vectors.span, dimension: 100, precision: .float32)
    #expect(try allVectors(file.path, batch: 3_000) == vectors)
  }

  @Test func startsTheNumbersAtAMultipleOf64() throws {
    let file = try TemporaryFile("v.npy")
    try NpyWriter.write(file.path, vectors: [1, 2].span, dimension: 2, precision: .float16)
    let expected = "{'descr': '<f2', 'fortran_order': False, 'shape': (1, 2), }"
    let bytes = try file.bytes
    #expect(bytes.count == 128 + 4)
    #expect(Array(bytes[..<10]) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0])
    #expect(String(decoding: bytes[10..<10 + expected.utf8.count], as: UTF8.self) == expected)
    #expect(bytes[127] == 0x0A && Array(bytes[128...]) == [0x00, 0x3C, 0x00, 0x40])
  }

  @Test func saysThatTheFileShrankWhileItWasRead() throws {
    let file = try TemporaryFile("v.npy")
    try NpyWriter.write(file.path, vectors: [1, 2, 3, 4].span, dimension: 2, precision: .float32)
    let reader = try VectorFile.open(file.path)
    let bytes = try file.bytes
    try file.replace(Array(bytes[..<140]))
    var block = VectorBlock()
    #expect(
      failure { _ = try reader.read(upTo: 2, into: &block) }
        == "v.npy, byte 140: the file ends here, 4 bytes too early; was it changed while it was read?")
  }
}
