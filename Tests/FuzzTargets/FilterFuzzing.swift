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
    } catch let error as CatalogueError {
      throw FuzzFinding("the catalogue refuses what the compiler takes: \(error)")
    }
  }
}
