/// How the graph of an index is made.
///
/// To add a method: add a case here and a type beside `BulkBuilder` that is a `GraphBuilding`.
public enum BuildMethod: String, Hashable, Sendable, CaseIterable {
  /// All rows at once, through products of matrices: the fastest for many rows.
  case bulk
  /// Batch after batch, each linked to what is there: how an index also grows.
  case insertion
}
