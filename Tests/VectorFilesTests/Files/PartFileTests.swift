import Testing
import VectorFiles

@Suite struct PartFileTests {
  @Test func goesOnAfterWhatIsKept() throws {
    let target = try TemporaryFile("p.bin", [1, 2, 3, 4, 5])
    let file = try PartFile(target.path)
    #expect(file.byteCount == 5)
    try file.keep(3)
    try file.write([7, 8, 9, 10].span)
    try file.overwrite([0].span, at: 0)
    try file.sync()
    #expect(file.byteCount == 7)
    #expect(try target.bytes == [0, 2, 3, 7, 8, 9, 10])
  }

  @Test func belongsToOneAtATime() throws {
    let target = try TemporaryFile("p.bin")
    let first = try PartFile(target.path)
    #expect(
      failure { _ = try PartFile(target.path) } == "p.bin: another process is writing to it; wait until it has ended")
    try first.write([1].span)
    #expect(failure { _ = try PartFile("/nowhere/p.bin") } == "p.bin: cannot be created: No such file or directory")
  }

  @Test func isLetGoOfWhenItIsClosed() throws {
    let target = try TemporaryFile("p.bin")
    for _ in 0..<2 { try PartFile(target.path).write([1].span) }
    #expect(try target.bytes.count == 2)
  }
}
