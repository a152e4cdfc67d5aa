import Catalogue
import VectorIndex
import WireProtocol

extension Engine {
  /// The rows that a search may answer.
  ///
  /// - Parameters:
  ///   - filter: From the request; nil for every live row.
  ///   - snapshot: What is searched.
  /// - Returns: Live rows only; nil for all rows of a snapshot that has no others.
  /// - Throws: `CatalogueError`.
  /// - Complexity: O(1) for a filter seen at this revision, O(*n* / 64 + rows) for one whose conditions were.
  func searchFilter(for filter: Filter?, in snapshot: IndexSnapshot) throws -> SearchFilter? {
    if filter == nil, snapshot.liveCount == snapshot.count { return nil }
    return try searchFilters.filter(for: filter, at: snapshot.sequence, in: snapshot.generation) {
      guard let filter else { return snapshot.live }
      var rows = try rows(meeting: filter, in: snapshot)
      rows.formIntersection(snapshot.live)
      return rows
    }
  }

  /// The rows that meet a filter, live or not, as a set over the snapshot's rows.
  package func rows(meeting filter: Filter, in snapshot: IndexSnapshot) throws -> Bitmap {
    try filter.rows(count: snapshot.count) { try filters.rows(meeting: $0, in: snapshot, self) }
  }

  /// A state, and the row that a live item has in it.
  ///
  /// Key and state belong together: an item that is only ever replaced is found in every state, whoever writes meanwhile.
  ///
  /// - Throws: `not_found`, or `CatalogueError`.
  /// - Complexity: O(log *n*), and as for ``refresh()`` where the record has gone on.
  func view(ofKey key: String) throws -> (snapshot: IndexSnapshot, names: NameTable, ordinal: Ordinal) {
    let (snapshot, names, found) = try readTogether { try $0.ordinal(forKey: key) }
    guard let ordinal = found, Int(ordinal) < snapshot.count, snapshot.live[ordinal] else {
      throw WireError(.notFound, "there is no item with this key", pointer: "/params/key", got: key)
    }
    return (snapshot, names, Ordinal(ordinal))
  }
}

extension Condition {
  /// A leaf of a filter as the catalogue understands it.
  init(_ condition: FieldCondition) {
    let field: Field =
      switch condition.field {
      case "key": .key
      case "member": .member
      case "work": .work
      case "kind": .kind
      case "title": .title
      case "source": .source
      case "timecode": .timecode
      case let name: .attribute(name)
      }
    let test: Test =
      switch condition.test {
      case .any(let values): .any(values.map(Scalar.init))
      case .except(let values): .except(values.map(Scalar.init))
      case .range(let range):
        .range(
          Bounds(
            greaterThan: range.greaterThan.map(Number.init), atLeast: range.atLeast.map(Number.init),
            lessThan: range.lessThan.map(Number.init), atMost: range.atMost.map(Number.init)))
      case .isEmpty: .isEmpty
      case .exists: .exists
      }
    self.init(field, test)
  }
}

extension Number {
  fileprivate init(_ number: ExactNumber) {
    switch number {
    case .integer(let number): self = .integer(number)
    case .real(let number): self = .real(number)
    }
  }
}

extension Scalar {
  fileprivate init(_ value: FilterValue) {
    switch value {
    case .string(let text): self = .string(text)
    case .integer(let number): self = .integer(number)
    case .real(let number): self = .real(number)
    case .bool(let truth): self = .bool(truth)
    }
  }
}
