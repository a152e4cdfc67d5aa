import Foundation
import TestSupport
import Testing

/// What today's engine writes is the newest golden format, so that a change of a format cannot happen unnoticed.
@Suite struct GoldenFormatTests {
  private let (golden, today): ([UInt8], [UInt8])
  private let (goldenRows, todaysRows): ([UInt8], [UInt8])
  private let (goldenRecord, todaysRecord): ([UInt8], [UInt8])

  init() throws {
    let home = try TemporaryDirectory()
    let old = try GoldenCatalogue()
    let new = try GoldenCatalogue.make(in: home.path)
    func bytes(_ catalogue: String, _ file: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(catalogue)/\(file)")))
    }
    for name in ["CURRENT"] { #expect(try bytes(old.path, name) == bytes(new, name)) }
    (golden, today) = try (
      bytes(old.path, "index/000001/index.kagami-index"), bytes(new, "index/000001/index.kagami-index")
    )
    (goldenRows, todaysRows) = try (bytes(old.path, "rows/000001.rows"), bytes(new, "rows/000001.rows"))
    (goldenRecord, todaysRecord) = try (bytes(old.path, "catalogue.sqlite"), bytes(new, "catalogue.sqlite"))
  }

  @Test func `Row files are the same but for the catalogue's id`() {
    // The id and the header's checksum, which is about the id too.
    func withoutID(_ bytes: [UInt8]) -> [UInt8] { Array(bytes[..<32] + bytes[52...]) }
    #expect(withoutID(goldenRows) == withoutID(todaysRows))
  }

  @Test func `Snapshots have the same format, sections and elements`() throws {
    #expect(golden[..<12] == today[..<12])
    let (old, new) = (Section.all(golden), Section.all(today))
    #expect(old.map(\.description) == new.map(\.description) && old.count == 22)
    // What the record determines is the same to the byte; what a build chooses may get better.
    for (old, new) in zip(old, new) where !old.name.hasPrefix("graph.") && !old.name.hasPrefix("cod") {
      guard !old.name.hasPrefix("curves.") else { continue }
      #expect(golden[old.bytes] == today[new.bytes], "\(old.name)")
    }
    let facts = try #require(old.first { $0.name == "graph.facts" })
    let todaysFacts = try #require(new.first { $0.name == "graph.facts" })
    #expect(golden[facts.bytes].prefix(8) == today[todaysFacts.bytes].prefix(8), "the version of the graph's sections")
    #expect(facts.bytes.count == todaysFacts.bytes.count)
  }

  @Test func `The record has the same application and format numbers`() {
    #expect(goldenRecord[60..<64] == todaysRecord[60..<64])
    #expect(goldenRecord[68..<72] == todaysRecord[68..<72])
  }

  /// An entry of a snapshot's table of sections.
  private struct Section: CustomStringConvertible {
    var name: String
    var bytes: Range<Int>
    var element: Int

    var description: String { "\(name) of \(element)" }

    static func all(_ file: [UInt8]) -> [Section] {
      func number(_ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(file[place + $1]) << (8 * $1) } }
      return (0..<number(12)).map { 96 + 40 * $0 }.map { place in
        Section(
          name: String(decoding: file[place..<place + 16].prefix { $0 != 0 }, as: UTF8.self),
          bytes: number(place + 16)..<number(place + 16) + number(place + 24), element: number(place + 32))
      }
    }
  }
}
