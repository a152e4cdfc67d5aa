import Catalogue
import Foundation
import Service
import TestSupport
import Testing

/// Random edits, compactions and restarts against a dictionary and a scan of it.
@Suite struct EditModelTests {
  /// What the catalogue should hold.
  private struct Model {
    var vectors: [String: [Float]] = [:]
    var members: [String: String] = [:]

    /// The keys by falling cosine, then by key.
    func nearest(_ query: [Float], k: Int, member: String?) -> [String] {
      let allowed = vectors.filter { member == nil || members[$0.key] == member }
      let scored = allowed.map { key, vector in
        (key: key, score: Double(zip(query, vector).reduce(0) { $0 + $1.0 * $1.1 }) / Self.length(vector))
      }
      return scored.sorted { ($1.score, $0.key) < ($0.score, $1.key) }.prefix(k).map(\.key)
    }

    static func length(_ vector: [Float]) -> Double {
      Double(vector.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `The catalogue is the model after every step`(_ seed: UInt64) throws {
    let fixture = try Fixture()
    try CatalogueStore.create(at: fixture.path, model: ModelSpace(dimension: 4))
    var engine = try fixture.open()
    var generator = SeededGenerator(seed: seed)
    var model = Model()
    for step in 0..<120 {
      var lines: [String] = []
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<6: lines.append(upsert(&model, &generator))
      case 6, 7:
        let keys = model.vectors.keys.sorted().filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
        for key in keys { model.vectors[key] = nil }
        lines.append(RequestLine.make("items.remove", 0, #""keys":[\#(list(keys))]"#))
      case 8: lines.append(RequestLine.make("index.compact", 0))
      default: engine = try fixture.open()
      }
      let query = vector(&generator)
      let member: String? = Bool.random(using: &generator) ? "m1" : nil
      let filter = member.map { #","filter":{"must":[{"key":"member","match":{"value":"\#($0)"}}]}"# } ?? ""
      let answers = MemoryPipe.answers(engine, [Array((lines.joined(separator: "\n") + "\n").utf8)[...]])
      #expect(answers.allSatisfy { !$0.contains(#""error""#) }, "seed \(seed), step \(step): \(answers)")
      let search = RequestLine.make("search", 1, #""vector":[\#(text(query))],"k":5\#(filter)"#) + "\n"
      let found = try #require(MemoryPipe.answers(engine, [Array(search.utf8)[...]]).first)
      let keys = found.matches(of: /"key":"([^"]*)"/).map { String($0.1) }
      #expect(keys == model.nearest(query, k: 5, member: member), "seed \(seed), step \(step)")
      #expect(engine.snapshot.liveCount == model.vectors.count, "seed \(seed), step \(step)")
    }
    let findings = try Verifier(path: fixture.path).run { _, _ in }.findings
    #expect(findings.isEmpty, "seed \(seed): \(findings)")
  }

  private func upsert(_ model: inout Model, _ generator: inout SeededGenerator) -> String {
    let items = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
      let key = "k\(Int.random(in: 0..<40, using: &generator))"
      let (vector, member) = (vector(&generator), "m\(Int.random(in: 0..<3, using: &generator))")
      (model.vectors[key], model.members[key]) = (vector, member)
      return #"{"key":"\#(key)","vector":[\#(text(vector))],"member":"\#(member)"}"#
    }
    return RequestLine.make("items.upsert", 0, #""items":[\#(items.joined(separator: ","))]"#)
  }

  /// Numbers that f16 keeps exactly, and few enough that ties come up.
  private func vector(_ generator: inout SeededGenerator) -> [Float] {
    let vector = (0..<4).map { _ in Float(Int.random(in: -8...8, using: &generator)) }
    return vector.allSatisfy { $0 == 0 } ? [1, 0, 0, 0] : vector
  }

  private func text(_ vector: [Float]) -> String { vector.map { "\(Int($0))" }.joined(separator: ",") }

  private func list(_ keys: [String]) -> String { keys.map { "\"\($0)\"" }.joined(separator: ",") }
}
