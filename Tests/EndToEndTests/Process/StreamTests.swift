import Foundation
import TestSupport
import Testing

/// What the three streams carry, however they are handled at the other end.
@Suite struct StreamTests {
  @Test func `A stray print cannot reach standard output`() throws {
    let process = try SampleCatalogue().serve()
    _ = try process.ask(RequestLine.make("engine.hello", 1))
    let (output, errors) = (try target(of: 1, in: process), try target(of: 2, in: process))
    #expect(output == errors)
    #expect(!output.hasPrefix("pipe:"), "descriptor 1 is not the pipe of the answers")
  }

  @Test func `Closed standard error is no hindrance, and its number is not given to a file`() throws {
    let process = try SampleCatalogue().serve(errorStream: .closed)
    #expect(try Answer(process.ask(RequestLine.make("items.count", 1))).result?.count == 1785)
    #expect(try target(of: 1, in: process) == "/dev/null")
    #expect(try target(of: 2, in: process) == "/dev/null")
    process.closeInput()
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `Standard error that nobody reads is no hindrance`() throws {
    let process = try SampleCatalogue().serve(errorStream: .neverRead)
    let lines = (0..<1000).map { RequestLine.make("no such method", $0) }
    #expect(try process.exchange(lines).count == 1000)
  }

  @Test func `Nothing is used while nothing is asked`() throws {
    let process = try SampleCatalogue().serve()
    let query = try HalfMatrix(Repository.sample("queries.npy"))[0]
    for id in 0..<20 { _ = try process.ask(RequestLine.make("search", id, RequestLine.vector(query))) }
    // Threads of the last search may still be on their way to sleep, on a busy machine for a while; one that polls never sleeps for a second.
    var quiet = false
    for _ in 0..<20 where !quiet {
      let before = process.contextSwitches
      usleep(1_000_000)
      quiet = process.contextSwitches == before
    }
    #expect(quiet, "no thread has woken up for a second")
  }

  @Test(arguments: ["cuts", "lines"])
  func `One byte a write gives the same answers`(_ name: String) throws {
    let process = try SampleCatalogue().serve()
    for exchange in try Transcript(name).exchanges where !exchange.title.hasPrefix("a duplicate live id") {
      for byte in try exchange.bytes { #expect(process.write([byte]) == 1) }
      #expect(exchange.disagreement(with: try process.lines(exchange.answers.count)) == nil)
    }
  }

  @Test func `A line that is too long is thrown away in constant memory, and the next is answered`() throws {
    let process = try SampleCatalogue().serve()
    func line(_ bytes: Int) -> [UInt8] {
      let (head, tail) = (#"{"jsonrpc":"2.0","id":1,"method":"items.count","params":{"_pad":""#, #""}}"#)
      let padding = [UInt8](repeating: UInt8(ascii: "x"), count: bytes - head.utf8.count - tail.utf8.count)
      return Array(head.utf8) + padding + Array(tail.utf8) + [10]
    }
    let limit = 16 << 20
    let start = process.memory("VmRSS")
    process.write(line(limit))
    #expect(try Answer(process.lines(1)[0]).result?.count == 1785, "the longest line is answered")
    var peaks: [Int?] = []
    for bytes in [limit + 1, 17 << 20, 64 << 20, 17 << 20, 128 << 20] {
      process.write(line(bytes))
      #expect(
        try process.lines(1) == [
          #"{"jsonrpc":"2.0","id":null,"error":{"code":1011,"message":"a line has at most 16777216 bytes; the rest was "#
            + #"discarded","data":{"kind":"too_large","limit":16777216,"got":"\#(bytes) bytes","retryable":false}}}"#
        ])
      #expect(try Answer(process.ask(RequestLine.make("items.count", 2))).result?.count == 1785)
      peaks.append(process.memory("VmHWM"))
    }
    guard let start, let middle = peaks[2], let end = peaks[4] else { return }
    #expect(middle - start < 4 * limit, "the buffer and its copies while it grows, \(middle - start) bytes")
    #expect(end - middle < limit, "the length of the line made the peak grow by \(end - middle) bytes")
  }

  private func target(of descriptor: Int, in process: EngineProcess) throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process.id)/fd/\(descriptor)")
  }
}
