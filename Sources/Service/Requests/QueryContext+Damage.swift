import Catalogue
import VectorIndex

extension QueryContext {
  /// Makes sure that hits whose scores are no numbers owe that to their lengths, and not to rows that are damaged.
  ///
  /// Nothing but numbers is ever stored, so that a score which is none may come from a row that is not what was written.
  ///
  /// - Throws: `IndexError.damaged`, naming file, row and key.
  func checkRows(of hits: [Neighbor], _ engine: Engine) throws(IndexError) {
    for hit in hits where !hit.score.isFinite { try checkRow(hit.ordinal, engine) }
  }

  private func checkRow(_ ordinal: UInt32, _ engine: Engine) throws(IndexError) {
    let row = Ordinal(ordinal)
    guard !snapshot.rows.norm(of: row).isFinite || !snapshot.rows.row(row).allSatisfy(\.isFinite) else { return }
    let folder = engine.store.layout.rows(generation: snapshot.generation)
    throw .damaged(
      file: "\(folder)/\(RowPlace(row, in: snapshot.rows.layout).fileName)",
      reason: "row \(ordinal), of \(snapshot.keys[ordinal]), holds what is no number")
  }
}
