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
