import TestSupport
import Testing
import VectorIndex
import VectorKernels

@Suite struct RowStoreTests {
  @Test(arguments: [ElementType.float16, .float32], [1, 5, 512])
  func rowsComeBackAsTheyWereStored(storage: ElementType, dimension: Int) throws {
    var random = SeededGenerator(seed: 1)
    let vectors = random.vectors(300, dimension: dimension)
    let fixture = try IndexFixture(vectors, dimension: dimension, metric: .innerProduct, storage: storage)
    for row in 0..<300 {
      let expected = vectors[row * dimension..<(row + 1) * dimension].map {
        storage == .float16 ? Float(Float16($0)) : $0
      }
      let ordinal = Ordinal(UInt32(row))
      #expect(fixture.snapshot.rows.row(ordinal) == expected)
      let norm = expected.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(fixture.snapshot.rows.norm(of: ordinal) == Float(norm))
    }
  }

  @Test func rowsSpanSeveralFilesAndGrow() throws {
    // 4,096 numbers of 4 bytes: 4,096 rows a file.
    let layout = RowLayout(dimension: 4096, elementType: .float32)
    #expect(layout.rowsPerFile == 4096)
    let directory = try TemporaryDirectory()
    var appender = RowAppender(directory: directory.path, layout: layout, catalogue: IndexFixture.catalogue, count: 0)
    var store = try RowStore(directory: directory.path, layout: layout, catalogue: IndexFixture.catalogue, count: 0)
    var rows = EncodedRows(layout: layout, metric: .innerProduct)
    var checksums: [UInt32] = []
    var vector = [Float](repeating: 0, count: 4096)
    for batch in 0..<3 {
      rows.removeAll()
      for row in 0..<1500 {
        vector[0] = Float(batch * 1500 + row)
        try rows.append(vector.span)
      }
      checksums += rows.checksums
      let first = try appender.append(rows)
      #expect(first.index == batch * 1500)
      try appender.sync()
      try store.grow(to: appender.count)
    }
    for ordinal in [0, 1499, 4095, 4096, 4499] {
      #expect(store.row(Ordinal(UInt32(ordinal)))[0] == Float(ordinal))
      #expect(store.checksum(of: Ordinal(UInt32(ordinal))) == checksums[ordinal])
    }
    let reopened = try RowStore(
      directory: directory.path, layout: layout, catalogue: IndexFixture.catalogue, count: 4500)
    #expect(reopened.row(Ordinal(4499))[0] == 4499)
  }

  @Test func bytesThatNobodyNamesAreWrittenOver() throws {
    let layout = RowLayout(dimension: 2, elementType: .float32)
    let directory = try TemporaryDirectory()
    func append(_ value: Float, after count: Int) throws {
      var appender = RowAppender(
        directory: directory.path, layout: layout, catalogue: IndexFixture.catalogue, count: count)
      var rows = EncodedRows(layout: layout, metric: .euclidean)
      try rows.append([value, 0].span)
      _ = try appender.append(rows)
      try appender.sync()
    }
    try append(1, after: 0)
    try append(2, after: 1)
    try append(3, after: 1)
    let store = try RowStore(directory: directory.path, layout: layout, catalogue: IndexFixture.catalogue, count: 2)
    #expect(store.row(Ordinal(0)) == [1, 0] && store.row(Ordinal(1)) == [3, 0])
    #expect(store.norm(of: Ordinal(1)) == 3)
  }

  @Test func refusedVectorsLeaveNothingBehind() throws {
    var rows = EncodedRows(layout: RowLayout(dimension: 3, elementType: .float16), metric: .cosine)
    try rows.append([1, 2, 3].span)
    #expect(throws: RowRefusal.wrongDimension(found: 2, expected: 3)) { try rows.append([1, 2].span) }
    #expect(throws: RowRefusal.notFinite(index: 1)) { try rows.append([1, .nan, 0].span) }
    #expect(throws: RowRefusal.notFinite(index: 2)) { try rows.append([1, 0, -.infinity].span) }
    #expect(throws: RowRefusal.zeroNorm) { try rows.append([0, -0.0, 0].span) }
    #expect(rows.count == 1 && rows.checksums.count == 1)
    var plain = EncodedRows(layout: RowLayout(dimension: 1, elementType: .float32), metric: .euclidean)
    try plain.append([0].span)
    #expect(throws: RowRefusal.tooLarge(index: nil)) {
      try plain.append([3e38].span); try plain.append([.greatestFiniteMagnitude].span)
    }
  }
}
