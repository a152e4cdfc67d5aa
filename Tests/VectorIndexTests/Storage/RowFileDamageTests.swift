import Foundation
import TestSupport
import Testing
import VectorIndex
import VectorKernels

/// A file that is not what it should be gets an error that names it, and is never read past its end.
@Suite struct RowFileDamageTests {
  private let fixture: IndexFixture

  init() throws {
    fixture = try IndexFixture((0..<400).map(Float.init), dimension: 4, metric: .euclidean)
  }

  private func open(dimension: Int = 4, count: Int = 100, id: CatalogueID = IndexFixture.catalogue) throws(IndexError)
    -> RowStore
  {
    try RowStore(
      directory: fixture.directory.path, layout: RowLayout(dimension: dimension, elementType: .float16), catalogue: id,
      count: count)
  }

  private var file: String { fixture.directory.appending("000001.rows") }

  @Test func everyDamagedHeaderByteIsNoticed() throws {
    let bytes = try fixture.directory.read("000001.rows")
    for offset in 0..<52 {
      var damaged = bytes
      damaged[offset] ^= 0x10
      try fixture.directory.write(damaged, to: "000001.rows")
      #expect(throws: IndexError.self, "byte \(offset)") { try open() }
    }
    try fixture.directory.write(bytes, to: "000001.rows")
    #expect(try open().count == 100)
  }

  @Test func truncatedFilesAreRefused() throws {
    let bytes = try fixture.directory.read("000001.rows")
    for length in [0, 51, 52, 4095, 4096, bytes.count - 1] {
      try fixture.directory.write(bytes.prefix(length), to: "000001.rows")
      #expect(throws: IndexError.self, "\(length) bytes") { try open() }
    }
  }

  @Test func theErrorNamesFileAndCause() throws {
    #expect(throws: IndexError.damaged(file: file, reason: "belongs to another catalogue")) {
      try open(id: CatalogueID(bytes: [UInt8](repeating: 9, count: 16)))
    }
    let shape = "4 numbers of type 1, file 0"
    #expect(
      throws: IndexError.damaged(
        file: file, reason: "holds rows of another shape (\(shape)) than the catalogue's (8 of float16, file 0)")
    ) { try open(dimension: 8) }
    try FileManager.default.removeItem(atPath: file)
    #expect(throws: IndexError.missing(file: file)) { try open() }
  }

  @Test func aNewerFormatIsRefusedWithBothVersions() throws {
    var bytes = try fixture.directory.read("000001.rows")
    bytes[8] = 2
    try fixture.directory.write(bytes, to: "000001.rows")
    #expect(throws: IndexError.newer(file: file, found: 2, supported: 1)) { try open() }
  }
}
