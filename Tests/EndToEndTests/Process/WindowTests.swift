import Foundation
import TestSupport
import Testing

/// Back-pressure: a caller within the window can always finish writing; beyond it the engine stops reading.
@Suite struct WindowTests {
  private let window = 64

  /// A request of some 100 kB with an answer of some 100 kB.
  private func large(_ id: Int) -> String {
    let padding = String(repeating: "x", count: 100_000)
    return RequestLine.make(
      "search", id, #""key":"moonreed/canal-under-stars/04","k":1000,"_pad":"\#(padding)""#)
  }

  @Test func `A window of requests is written without reading, more waits until the reader reads`() throws {
    let process = try SampleCatalogue().serve()
    let lines = (0..<window + 8).map(large)
    let bytes = lines.map { Array($0.utf8) + [10] }
    for request in bytes[..<window] { #expect(process.write(request) == request.count) }
    var extra = 0
    for request in bytes[window...] {
      let written = process.write(request, within: .seconds(3))
      extra += written
      if written < request.count { break }
    }
    #expect(extra < 3 * 100_000, "only what the pipe holds is taken beyond the window")
    #expect(extra > 0)
    let rest = Array(bytes[window...].joined().dropFirst(extra))
    let remaining = String(decoding: rest.dropLast(), as: UTF8.self)
    // Reading makes room; what was half written goes on where it stopped.
    let answers = try process.exchange([remaining], expecting: lines.count).map { try Answer($0) }
    #expect(Set(answers.compactMap(\.id)) == Set(0..<lines.count))
    #expect(answers.allSatisfy { $0.hits.count == 1000 })
  }

  /// P7 as it is promised: 64 requests of 100 kB are written while nobody reads their answers of some 500 kB.
  @Test func `Answers that nobody reads do not keep a window of requests from being written`() throws {
    let process = try SampleCatalogue().serve()
    let padding = String(repeating: "x", count: 100_000)
    func request(_ id: Int) -> [UInt8] {
      let search = RequestLine.make(
        "search", id, #""key":"moonreed/canal-under-stars/04","k":400,"with_vectors":"f32le","_pad":"\#(padding)""#)
      return Array(search.utf8) + [10]
    }
    for id in 0..<window { #expect(process.write(request(id)) == request(id).count) }
    #expect(process.hasOutput(within: EngineProcess.patience))
    // The next one is read and waits, the pipe holds the beginning of the one after it, and the last one blocks.
    let extra = request(window) + request(window + 1) + request(window + 2)
    let written = process.write(extra, within: .seconds(2))
    #expect(written < 2 * 100_000 + 100_000, "the engine has stopped reading")
    let rest = String(decoding: extra[written...].dropLast(), as: UTF8.self)
    let lines = try process.exchange([rest], expecting: window + 3)
    #expect(Set(try lines.compactMap { try Answer($0).id }) == Set(0..<window + 3))
    #expect(lines.allSatisfy { $0.utf8.count > 500_000 })
  }

  /// P8: a reader at about a kilobyte a second; memory stays where it was, and a cancellation is answered.
  @Test func `A slow reader costs no memory, and can cancel`() throws {
    let process = try SampleCatalogue().serve("--threads", "1")
    let items = try HalfMatrix(Repository.sample("items.npy"))
    let much = RequestLine.vectors(items.numbers[...], dimension: 256) + #","k":56"#
    // Each answer has some 8 MB; those of a window do not all fit into what is kept at a time.
    for id in 0..<20 { try process.send(RequestLine.make("search", id, much)) }
    #expect(process.hasOutput(within: EngineProcess.patience))
    for _ in 0..<3 {
      #expect(process.skip(bytes: 1024) > 0)
      usleep(1_000_000)
    }
    let before = try #require(process.memory("VmRSS"))
    usleep(1_000_000)
    let after = try #require(process.memory("VmRSS"))
    #expect(after < 400 << 20 && after - before < 64 << 20, "\(before) \(after)")
    try process.send(RequestLine.make("engine.cancel", 100, #""all":true"#))
    let lines = try process.lines(21)
    #expect(lines.count == 21)
    let cancelled = lines.count { $0.contains(#""kind":"cancelled""#) }
    #expect(cancelled > 0)
    #expect(lines.contains { $0.contains(#""id":100,"result":{"cancelled":"#) })
  }

  @Test func `Beyond the window requests are refused with --overload reject`() throws {
    let process = try SampleCatalogue().serve("--overload", "reject")
    var bytes: [UInt8] = []
    for id in 0..<200 { bytes += Array(large(id).utf8) + [10] }
    #expect(process.write(bytes) == bytes.count, "the engine goes on reading")
    let answers = try process.lines(200).map { try Answer($0) }
    #expect(Set(answers.compactMap(\.id)) == Set(0..<200))
    #expect(answers.count { $0.hits.count == 1000 } >= window)
    #expect(answers.allSatisfy { $0.error == nil || $0.error?.data.kind == "overloaded" })
  }

  @Test func `Many small requests are all answered`() throws {
    let process = try SampleCatalogue().serve()
    let lines = (0..<5000).map { RequestLine.make("items.get", $0, #""keys":["moonreed/canal-under-stars/04"]"#) }
    let ids = try process.exchange(lines).compactMap { try Answer($0).id }
    #expect(ids.count == 5000)
    #expect(Set(ids) == Set(0..<5000))
  }

  @Test func `Health overtakes a long request`() throws {
    let process = try SampleCatalogue().serve()
    let items = try HalfMatrix(Repository.sample("items.npy"))
    let search = RequestLine.vectors(items.numbers[...], dimension: 256) + #","k":50"#
    // On a busy machine the reader may be left waiting for as long as one search takes, but not every time.
    var orders: [[Int?]] = []
    for _ in 0..<20 where orders.last != [2, 1] {
      try process.send(RequestLine.make("search", 1, search), RequestLine.make("engine.health", 2))
      orders.append(try process.lines(2).map { try Answer($0).id })
    }
    #expect(orders.last == [2, 1], "\(orders)")
  }
}
