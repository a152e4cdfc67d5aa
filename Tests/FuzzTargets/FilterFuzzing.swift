import Catalogue
import Service
import VectorIndex
import WireProtocol

/// The input is the text of a filter.
enum FilterFuzzing {
  static func run(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    guard let filter = try? JSONText.filter(text) else { return }
    try FuzzFinding.require(PlainJSON.accepts(Array(text.utf8)), "a filter that is no JSON")
    let engine = try FuzzCatalogue.shared.get().engine
    let snapshot = engine.snapshot
    do {
      let rows = try engine.rows(meeting: filter, in: snapshot)
      let others = try engine.rows(meeting: Filter(mustNot: [.filter(filter)]), in: snapshot)
      try FuzzFinding.require(rows.population + others.population == snapshot.count, "rows that meet neither or both")
      let either = try engine.rows(
        meeting: Filter(should: [.filter(filter), .filter(Filter(mustNot: [.filter(filter)]))]), in: snapshot)
      try FuzzFinding.require(either.population == snapshot.count, "rows that meet neither")
      try checkNumbers(filter, engine)
    } catch let error as CatalogueError {
      throw FuzzFinding("the catalogue refuses what the compiler takes: \(error)")
    }
  }

  /// Asks every test of the filter of numbers at the borders of doubles and integers.
  private static func checkNumbers(_ filter: Filter, _ engine: Engine) throws {
    for case .condition(let condition) in (filter.must + filter.should + filter.mustNot).prefix(8) {
      let expected = NumberModel.numbers.indices.filter {
        NumberModel.meets(NumberModel.numbers[$0], condition.test) ?? false
      }
      guard NumberModel.meets(nil, condition.test) != nil else { continue }
      let asked = Filter(must: [.condition(FieldCondition(field: "number", test: condition.test))])
      let found = try engine.rows(meeting: asked, in: engine.snapshot).ordinals.map(Int.init)
      try FuzzFinding.require(found == expected, "\(condition.test) gives \(found), not \(expected)")
    }
  }
}
