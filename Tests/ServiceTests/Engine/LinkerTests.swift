import Catalogue
import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

/// Rows that come after the graph.
@Suite struct LinkerTests {
  private func rows(_ count: Int, _ generator: inout SeededGenerator) -> [[Float]] {
    (0..<count).map { _ in (0..<16).map { _ in Float.random(in: -1...1, using: &generator) } }
  }

  private func ask(_ engine: Engine, _ method: String, _ params: String) throws -> String {
    try #require(MemoryPipe.answers(engine, [Array((RequestLine.make(method, 1, params) + "\n").utf8)[...]]).first)
  }

  private func hits(_ engine: Engine, _ vector: [Float]) throws -> [String] {
    try ask(engine, "search", "\"k\":3,\"vector\":\(vector)").matches(of: /"key":"([^"]*)"/).map { String($0.1) }
  }

  @Test func `Rows are found before they are linked, and after`() throws {
    var generator = SeededGenerator(seed: 7)
    let fixture = try Fixture()
    try fixture.run(try fixture.request(rows(1500, &generator)))
    let engine = try fixture.open()
    _ = try IndexBuild(engine).run()
    let graph = try #require(engine.snapshot.graph)
    let new = rows(300, &generator)
    let items = new.enumerated().map { #"{"key":"n\#($0)","vector":\#($1)}"# }.joined(separator: ",")
    _ = try ask(engine, "items.upsert", "\"items\":[\(items)]")
    #expect(engine.snapshot.graph === graph && engine.snapshot.count == 1800)
    for (place, vector) in new.enumerated() { #expect(try hits(engine, vector).first == "n\(place)") }
    engine.linkAll()
    #expect(engine.snapshot.graph?.count == 1800)
    for (place, vector) in new.enumerated() { #expect(try hits(engine, vector).first == "n\(place)") }
    _ = try ask(engine, "items.remove", #""keys":["n7","n8"]"#)
    #expect(try !hits(engine, new[7]).contains("n7"), "removed rows guide the walk and are no answers")
    #expect(try hits(engine, new[9]).first == "n9")
  }
}
