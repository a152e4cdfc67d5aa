import Foundation
import Testing
import VectorFiles

@Suite struct VectorFileTests {
  @Test(arguments: ["v.parquet", "v", "npy", "v.hdf5"]) func namesTheKnownEndings(_ name: String) throws {
    let file = try TemporaryFile(name)
    #expect(
      failure { _ = try VectorFile.open(file.path) }
        == name + ": the ending does not say what is inside; "
        + "vectors are read from files ending in .npy, .fvecs, .bvecs, .fbin, .jsonl")
  }

  @Test func namesAFileThatIsNotThere() throws {
    let error = #expect(throws: FileError.self) { try VectorFile.open("/nowhere/v.npy") }
    #expect(error?.kind == .unopenable)
    #expect(error?.description == "/nowhere/v.npy: there is no such file")
  }

  @Test func refusesAFolder() throws {
    let file = try TemporaryFile("x")
    let folder = file.path + ".npy"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(
      failure { _ = try VectorFile.open(folder) } == "x.npy: is not a regular file; save the data to a file first")
  }

  @Test func takesCapitalEndings() throws {
    let file = try TemporaryFile("V.FBIN", littleEndian([UInt32(1), 1, 0]))
    #expect(try VectorFile.open(file.path).dimension == 1)
  }
}

@Suite struct SkippingTests {
  @Test(arguments: ["q.npy", "q.fvecs", "q.jsonl"])
  func passesOverRows(_ name: String) throws {
    let rows: [[Float]] = (0..<5).map { [Float($0), 1, 2] }
    let numbers = rows.map { littleEndian($0.map(\.bitPattern)) }
    let content: [UInt8] =
      switch name {
      case "q.npy": npy("{'descr': '<f4', 'fortran_order': False, 'shape': (5, 3), }\n", data: numbers.flatMap { $0 })
      case "q.fvecs": numbers.flatMap { littleEndian([Int32(3)]) + $0 }
      default: rows.flatMap { Array("{\"vector\":\($0)}\n".utf8) }
      }
    let file = try TemporaryFile(name, content)
    let reader = try VectorFile.open(file.path, dimension: 3)
    try reader.skip(rows: 3)
    var block = VectorBlock()
    try reader.read(upTo: 10, into: &block)
    #expect(block.firstRow == 3 && block.rowCount == 2 && block.vectors == [3, 1, 2, 4, 1, 2])
    let other = try VectorFile.open(file.path, dimension: 3)
    #expect(failure { try other.skip(rows: 6) }?.contains("the file ends after 5") == true)
  }
}
