import Foundation
import Service
import TestSupport
import Testing

/// Lines of log, and where they go.
@Suite struct LogLineTests {
  private func tree(_ line: [UInt8]) throws -> JSONTree {
    #expect(line.last == 10 && line.dropLast().allSatisfy { $0 != 10 })
    return try JSONTree(String(decoding: line, as: UTF8.self))
  }

  @Test func aLineIsAnObject() throws {
    let line = Log.line(
      .warning, "something",
      [("text", .text("a\n\"b\"")), ("number", .number(0.5)), ("integer", .integer(7)), ("bool", .bool(true))],
      at: Date(timeIntervalSince1970: 1_700_000_000.25))
    #expect(
      String(decoding: line, as: UTF8.self)
        == #"{"time":"2023-11-14T22:13:20.250Z","level":"warning","event":"something","text":"a\n\"b\"","number":0.5,"integer":7,"bool":true}"#
        + "\n")
  }

  @Test(arguments: ["a", "é", "\u{1F600}", "\"", "\u{1}"])
  func aLongLineIsCutAndSaysSo(_ character: String) throws {
    let text = String(repeating: character, count: 5000)
    for count in [1, 3, 40] {
      let line = Log.line(.error, "long", (0..<count).map { _ in ("text", .text(text)) })
      #expect(line.count <= Log.lineLimit)
      let found = try tree(line)
      #expect(found["cut"] == .bool(true))
      #expect(found["text"]?.string.map { $0.hasSuffix("…") && $0.utf8.count <= 260 } == true)
    }
  }

  @Test func aFullPipeDropsWholeLinesAndKeepsItsFlags() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let sink = LogSink(descriptor: ends[1])
    let line = Log.line(.info, "filler", [("text", .text(String(repeating: "x", count: 1000)))])
    var written = 0
    while sink.write(line) { written += 1 }
    #expect((1...100).contains(written))
    #expect(fcntl(ends[1], F_GETFL) & O_NONBLOCK == 0, "the flag belongs to all holders of the pipe")
    // Room for one is room for one.
    var buffer = [UInt8](repeating: 0, count: 8 * line.count)
    #expect(read(ends[0], &buffer, buffer.count) == buffer.count)
    #expect(sink.write(line))
    // Nobody at the other end is no signal and no wait.
    signal(SIGPIPE, SIG_IGN)
    close(ends[0])
    #expect(!sink.write(line))
    close(ends[1])
  }

  @Test func aSocketThatIsNotReadDropsLinesToo() throws {
    var ends: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    let sink = LogSink(descriptor: ends[1])
    let line = Log.line(.info, "filler", [])
    var written = 0
    while written < 1_000_000, sink.write(line) { written += 1 }
    #expect((1..<1_000_000).contains(written))
    for end in ends { close(end) }
  }
}
