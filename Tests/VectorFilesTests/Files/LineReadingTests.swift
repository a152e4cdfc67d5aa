import Testing
import VectorFiles

/// Lines of all lengths around the buffer's size come out whole, with their numbers and offsets.
@Suite struct LineReadingTests {
  @Test(arguments: [65_526, 65_535, 65_536, 65_537, 131_072, 200_000])
  func keepsLinesWholeAcrossTheBuffer(length: Int) throws {
    let title = String(repeating: "x", count: length)
    let lines = (0..<4).map { "{\"key\":\"\($0)\",\"title\":\"\(title)\"}" }
    let file = try TemporaryFile("m.jsonl", text: lines.joined(separator: "\n"))
    let reader = try MetadataReader(file.path)
    for number in 0..<4 {
      #expect(try reader.next() == .success(ItemMetadata(key: "\(number)", title: title)))
    }
    #expect(try reader.next() == nil)
  }

  @Test func knowsOffsetsBehindManyBuffers() throws {
    let line = "{\"key\":\"0123456789\"}\n"
    let file = try TemporaryFile("m.jsonl", text: String(repeating: line, count: 50_000) + "{\"key\":1}")
    let reader = try MetadataReader(file.path)
    for _ in 0..<50_000 { _ = try reader.next() }
    let offset = 50_000 * line.utf8.count + 7
    #expect(
      MetadataReaderTests.refusal(try reader.next())
        == "line 50001, byte \(offset): \"key\" must be a string: write \"1\" in quotes")
  }
}
