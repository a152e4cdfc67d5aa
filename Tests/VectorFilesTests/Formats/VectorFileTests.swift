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
