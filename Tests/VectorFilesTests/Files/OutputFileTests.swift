import Foundation
import Testing
import VectorFiles

@Suite struct OutputFileTests {
  @Test func writesInOrderAcrossItsBuffer() throws {
    let target = try TemporaryFile("o.bin", [9, 9, 9])
    var file = try OutputFile(target.path)
    let pieces = (0..<300).map { number in [UInt8](repeating: UInt8(number % 251), count: number * 7) }
    for piece in pieces { try file.write(piece) }
    try file.finish()
    #expect(try target.bytes == pieces.flatMap { $0 })
  }

  @Test func saysWhyAFileCannotBeMade() {
    #expect(
      failure { _ = try OutputFile("/nowhere/o.bin") } == "o.bin: cannot be created: No such file or directory")
  }

  #if os(Linux)
    @Test func saysThatTheDiskIsFull() {
      #expect(
        failure { try NpyWriter.write("/dev/full", labels: [Int32(1)].span) }
          == "full: cannot be written: No space left on device")
    }
  #endif

  @Test func makesFoldersOnTheWay() throws {
    let file = try TemporaryFile("x")
    let folder = file.path + ".d/a/b"
    try Directory.create(folder)
    try Directory.create(folder + "/")
    var isDirectory: ObjCBool = false
    #expect(FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory) && isDirectory.boolValue)
    #expect(throws: FileError.self) { try Directory.create(file.path) }
  }
}
