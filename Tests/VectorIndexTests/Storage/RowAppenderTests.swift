import Foundation
import TestSupport
import Testing
import VectorIndex
import VectorKernels

@Suite struct RowAppenderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func appender(_ layout: RowLayout, count: Int, id: CatalogueID = IndexFixture.catalogue) -> RowAppender {
    RowAppender(directory: directory.path, layout: layout, catalogue: id, count: count)
  }

  // MARK: Syncs

  @Test func filesOfRowsThatOthersWroteAreSyncedByName() throws {
    let layout = RowLayout(dimension: 2, elementType: .float32)
    try append(1, 2, to: layout, after: 0)
    var other = appender(layout, count: 2)
    try other.sync(filesOf: [Ordinal(1), Ordinal(0)])
    try other.sync(filesOf: [] as [Ordinal])
    // Nothing was appended, and still it is this file that the sync looks for.
    let second = UInt32(layout.rowsPerFile)
    let missing = IndexError.missing(file: directory.appending("000002.rows"))
    #expect(throws: missing) { try other.sync(filesOf: [Ordinal(0), Ordinal(second)]) }
    #expect(!FileManager.default.fileExists(atPath: directory.appending("000002.rows")))
  }

  @Test func aSyncByNameCoversTheOpenFile() throws {
    let layout = RowLayout(dimension: 2, elementType: .float32)
    var appender = appender(layout, count: 0)
    _ = try appender.append(try rows([1], layout))
    let before = appender.hasNewFile
    try appender.sync(filesOf: [Ordinal(0)])
    let after = appender.hasNewFile
    #expect(before && !after)
  }

  // MARK: Files that a crash left, and files of others

  private static let layout = RowLayout(dimension: 2, elementType: .float32)
  private static let names = ["000001.rows", "000002.rows"]

  /// A file with three rows, of which `count` are named.
  private func file(_ number: Int, of id: CatalogueID = IndexFixture.catalogue, _ layout: RowLayout = Self.layout)
    throws
    -> [UInt8]
  {
    var appender = RowAppender(
      directory: directory.path, layout: layout, catalogue: id, count: number * layout.rowsPerFile)
    _ = try appender.append(try rows([1, 2, 3], layout))
    try appender.sync()
    let bytes = try directory.read(Self.names[number])
    try FileManager.default.removeItem(atPath: directory.appending(Self.names[number]))
    return bytes
  }

  private func appendOne(after count: Int) throws {
    try append(9, to: Self.layout, after: count)
  }

  /// A write of the header's page that was torn: what says whose the file is may be there, and the rest is not.
  @Test(arguments: [52, 60, 2048, 4095])
  func aPartOfTheHeadersPageIsMadeWhole(length: Int) throws {
    try directory.write(Array(try file(0).prefix(length)), to: Self.names[0])
    try appendOne(after: 0)
    let store = try RowStore(
      directory: directory.path, layout: Self.layout, catalogue: IndexFixture.catalogue, count: 1)
    #expect(store.row(Ordinal(0)).first == 9)
    try FileManager.default.removeItem(atPath: directory.appending(Self.names[0]))
    let other = Array(try file(0, of: CatalogueID(bytes: [UInt8](repeating: 7, count: 16))).prefix(length))
    try directory.write(other, to: Self.names[0])
    #expect(throws: IndexError.self) { try appendOne(after: 0) }
    #expect(try directory.read(Self.names[0]) == other, "somebody else's is left as it is")
  }

  /// What a crash can leave of a file that no row was ever named of: nothing, a part of the header, or zeros.
  @Test(arguments: [0, 1], [0, 1, 51, 4096, 300_000])
  func aFileThatHoldsNoNamedRowIsBegunAnew(number: Int, zeros: Int) throws {
    let count = number * Self.layout.rowsPerFile
    try directory.write([UInt8](repeating: 0, count: zeros), to: Self.names[number])
    try appendOne(after: count)
    let bytes = try directory.read(Self.names[number])
    try directory.write(try file(0), to: Self.names[0])
    if number == 1 {
      try directory.write(bytes, to: Self.names[1])
      let long = try FileHandle(forWritingTo: URL(fileURLWithPath: directory.appending(Self.names[0])))
      try long.truncate(atOffset: UInt64(Self.layout.fileBytes))
      try long.close()
    } else {
      try directory.write(bytes, to: Self.names[0])
    }
    let store = try RowStore(
      directory: directory.path, layout: Self.layout, catalogue: IndexFixture.catalogue, count: count + 1)
    #expect(store.row(Ordinal(UInt32(count))) == [9, 0])
  }

  @Test(arguments: [0, 1]) func aFileWhoseNamedRowsCannotBeReadIsRefused(number: Int) throws {
    let whole = try file(number)
    let path = directory.appending(Self.names[number])
    let count = number * Self.layout.rowsPerFile + 3
    let damaged: [(name: String, bytes: [UInt8])] = [
      ("empty", []), ("part of a header", Array(whole.prefix(51))),
      ("zero header", [UInt8](repeating: 0, count: 4096) + whole.dropFirst(4096)),
      ("one bit of the header", [whole[0] ^ 1] + whole.dropFirst()),
      ("short by a byte", whole.dropLast()), ("no rows", Array(whole.prefix(4096))),
    ]
    for (name, bytes) in damaged {
      try directory.write(bytes, to: Self.names[number])
      #expect("\(name)") { try appendOne(after: count) } throws: { error in
        if case IndexError.damaged(file: path, reason: _) = error { true } else { false }
      }
      #expect(try directory.read(Self.names[number]) == bytes, "\(name): nothing was written")
    }
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: IndexError.missing(file: path)) { try appendOne(after: count) }
    #expect(!FileManager.default.fileExists(atPath: path))
    try directory.write(whole, to: Self.names[number])
    try appendOne(after: count)
  }

  /// Whether rows of it are named or not: what another catalogue may still need is not written over.
  @Test(arguments: [0, 1]) func aFileOfOthersIsNeverAppendedTo(number: Int) throws {
    let path = directory.appending(Self.names[number])
    let others: [(name: String, bytes: [UInt8])] = [
      ("another catalogue or generation", try file(number, of: CatalogueID(bytes: Array(2...17)))),
      ("another type", try file(number, RowLayout(dimension: 2, elementType: .float16))),
      ("another dimension", try file(number, RowLayout(dimension: 3, elementType: .float32))),
      ("another place", try file(1 - number)),
    ]
    for (name, bytes) in others {
      try directory.write(bytes, to: Self.names[number])
      for named in [0, 3] {
        #expect("\(name), \(named) rows") {
          try appendOne(after: number * Self.layout.rowsPerFile + named)
        } throws: { error in
          if case IndexError.damaged(file: path, reason: _) = error { true } else { false }
        }
      }
      #expect(try directory.read(Self.names[number]) == bytes, "\(name): nothing was written")
    }
  }

  @Test func rowsThatARestoreWouldPutIntoALostFileAreRefused() throws {
    let image = try rows([5], Self.layout).image(of: 0)
    var appender = appender(Self.layout, count: 3)
    let path = directory.appending(Self.names[0])
    #expect(throws: IndexError.missing(file: path)) { try appender.restore(image, at: Ordinal(1)) }
    let whole = try file(0)
    try directory.write([UInt8](repeating: 0, count: whole.count), to: Self.names[0])
    #expect(throws: IndexError.damaged(file: path, reason: "does not begin as a row file")) {
      try appender.restore(image, at: Ordinal(1))
    }
    // A file that lost rows of its end gets them back.
    try directory.write(whole.prefix(4096), to: Self.names[0])
    for row in 0..<3 { try appender.restore(image, at: Ordinal(UInt32(row))) }
    try appender.sync()
    let store = try RowStore(
      directory: directory.path, layout: Self.layout, catalogue: IndexFixture.catalogue, count: 3)
    #expect(store.row(Ordinal(2)) == [5, 0] && store.norm(of: Ordinal(2)) == 5)
  }

  /// The header of a file that another process began and never synced has to be synced before a row of it counts.
  @Test func aFileWithoutNamedRowsCountsAsNew() throws {
    try appendOne(after: 0)
    var appender = appender(Self.layout, count: 0)
    _ = try appender.append(try rows([1], Self.layout))
    let isNew = appender.hasNewFile
    #expect(isNew)
  }

  // MARK: Rows

  private func rows(_ values: [Float], _ layout: RowLayout) throws -> EncodedRows {
    var rows = EncodedRows(layout: layout, metric: .euclidean)
    var vector = [Float](repeating: 0, count: layout.dimension)
    for value in values {
      vector[0] = value
      try rows.append(vector.span)
    }
    return rows
  }

  private func append(_ values: Float..., to layout: RowLayout, after count: Int) throws {
    var appender = appender(layout, count: count)
    _ = try appender.append(try rows(values, layout))
    try appender.sync()
  }
}
