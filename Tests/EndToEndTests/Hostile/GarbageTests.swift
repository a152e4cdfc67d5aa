import Foundation
import TestSupport
import Testing

/// Lines that are none, from callers that are careless or worse: each gets one error, and the stream goes on.
@Suite struct GarbageTests {
  private static let start = #"{"jsonrpc":"2.0","id":1,"method":"items.count","params":{"_pad":"#

  /// A name, the bytes, and the offset at which they stop being JSON.
  static let lines: [(name: String, bytes: [UInt8], offset: Int?)] = {
    var random = SeededGenerator(seed: 17)
    let noise = (0..<4096).map { _ in UInt8.random(in: 0...255, using: &random) }.filter { $0 != 10 }
    let head = Array(start.utf8)
    return [
      ("noise", [0xFF] + noise, 0), ("NUL", [0], 0), ("NUL in a string", head + [34, 0, 34, 125, 125], head.count + 1),
      ("byte-order mark", [0xEF, 0xBB, 0xBF] + head + Array("1}}".utf8), 0),
      ("invalid UTF-8", head + [34, 0xC3, 0x28, 34, 125, 125], head.count + 1),
      ("an overlong slash", head + [34, 0xC0, 0xAF, 34, 125, 125], head.count + 1),
      ("a surrogate in UTF-8", head + [34, 0xED, 0xA0, 0x80, 34, 125, 125], head.count + 1),
      ("a lone surrogate", head + Array(#""\ud800"}}"#.utf8), head.count + 1),
      ("depth 33", head + [UInt8](repeating: 91, count: 31), nil),
      ("depth 100,000", [UInt8](repeating: 91, count: 100_000), 32),
      ("depth 100,000 of objects", Array(String(repeating: #"{"a":"#, count: 100_000).utf8), nil),
      ("a key twice", Array(#"{"jsonrpc":"2.0","id":1,"id":2,"method":"engine.hello"}"#.utf8), nil),
      ("not a number", head + Array("NaN}}".utf8), head.count), ("1e400 and no end", head + Array("1e400".utf8), nil),
      ("half a line", Array(head.dropLast(9)), nil), ("UTF-16", Array(#"{"id":1}"#.utf8).flatMap { [$0, 0] }, 1),
    ]
  }()

  @Test func `Every line gets one parse error with its place, and the next request is answered`() throws {
    let process = try SampleCatalogue().serve()
    _ = try process.ask(RequestLine.make("items.count", 7))
    let start = process.memory("VmHWM")
    for (name, bytes, offset) in Self.lines {
      #expect(process.write(bytes + [10]) == bytes.count + 1)
      let line = try process.lines(1)[0]
      let error = try JSONDecoder().decode(ParseError.self, from: Data(line.utf8))
      #expect(error.id == nil && error.error.code == -32700, "\(name): \(line)")
      if let offset { #expect(error.error.data.offset == offset, "\(name): \(line)") }
      #expect(try Answer(process.ask(RequestLine.make("items.count", 7))).result?.count == 1785, "after \(name)")
    }
    guard let start, let end = process.memory("VmHWM") else { return }
    #expect(end - start < 8 << 20, "\(end - start) bytes more")
  }

  private struct ParseError: Decodable {
    struct Failure: Decodable {
      struct Details: Decodable { let offset: Int }
      let code: Int
      let data: Details
    }
    let id: Int?
    let error: Failure
  }

  @Test(.timeLimit(.minutes(30)))
  func `A line of a gibibyte costs no memory, and the next request is answered`() throws {
    let process = try SampleCatalogue().serve()
    let mebibyte = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
    func line(_ mebibytes: Int) throws {
      for _ in 0..<mebibytes { try #require(process.write(mebibyte) == mebibyte.count) }
      process.write([10])
      let answer = try process.lines(1)[0]
      #expect(
        answer.contains(#""kind":"too_large""#) && answer.contains(#""got":"\#(mebibytes << 20) bytes""#), "\(answer)")
      #expect(try Answer(process.ask(RequestLine.make("items.count", 2))).result?.count == 1785)
    }
    // What a line may take is taken once; where it lies when the next one comes is up to the allocator, so the best of a few counts.
    try line(20)
    var growths: [Int] = []
    for _ in 0..<4 where (growths.min() ?? .max) >= 1 << 20 {
      guard let before = process.memory("VmHWM") else { return }
      try line(1024)
      guard let after = process.memory("VmHWM") else { return }
      growths.append(after - before)
    }
    #expect(growths.min() ?? .max < 1 << 20, "\(growths) bytes more")
    #expect(growths.max() ?? 0 < 48 << 20, "\(growths) bytes more")
  }

  @Test func `Ten thousand ids, none of them waited for, get one answer each`() throws {
    let process = try SampleCatalogue().serve()
    let lines = (0..<10_000).map { id in
      id % 3 == 0
        ? RequestLine.make("engine.health", id)
        : RequestLine.make("search", id, #""key":"moonreed/canal-under-stars/04","k":2"#)
    }
    let answers = try process.exchange(lines)
    #expect(Set(answers.compactMap { try? Answer($0).id }) == Set(0..<10_000))
    let before = process.memory("VmRSS")
    for _ in 0..<3 { #expect(try process.exchange(lines).count == 10_000) }
    guard let before, let after = process.memory("VmRSS") else { return }
    #expect(after - before < 4 << 20, "\(after - before) bytes more after 30,000 further ids")
  }

  @Test func `An id that is in use is refused under null, and the first keeps its answer`() throws {
    let process = try SampleCatalogue().serve()
    let items = try HalfMatrix(Repository.sample("items.npy"))
    let long = RequestLine.make("search", 5, RequestLine.vectors(items.numbers[...], dimension: 256) + #","k":50"#)
    let short = RequestLine.make("items.count", 5)
    let answers = try process.exchange([long, short, short, long])
    let own = answers.filter { $0.contains(#""id":5,"result""#) }
    let refused = answers.filter {
      $0.contains(#"{"jsonrpc":"2.0","id":null,"error""#) && $0.contains(#""id":5,"retryable""#)
    }
    // Those that came after an answer are no duplicates.
    #expect(own.count >= 1 && own.count + refused.count == 4, "\(answers.map { $0.prefix(200) })")
    #expect(own.contains { (try? Answer($0))?.result?.results?.count == items.rowCount })
  }
}
