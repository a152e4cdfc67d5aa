import VectorIndex
import WireProtocol

extension Filter {
  /// The rows that meet the filter, as a set over the first `count` rows.
  ///
  /// - Parameters:
  ///   - count: How many rows there are.
  ///   - leaf: The rows that meet one condition; the set may be larger.
  /// - Returns: The rows.
  /// - Throws: What `leaf` throws.
  func rows(count: Int, meeting leaf: (FieldCondition) throws -> Bitmap) throws -> Bitmap {
    func meeting(_ clause: Clause) throws -> Bitmap {
      switch clause {
      case .filter(let filter): try filter.rows(count: count, meeting: leaf)
      case .condition(let condition): try leaf(condition)
      }
    }
    var rows = Bitmap(count: count, all: true)
    for clause in must { rows.formIntersection(try meeting(clause)) }
    if !should.isEmpty {
      var any = Bitmap(count: count)
      for clause in should { any.formUnion(try meeting(clause)) }
      rows.formIntersection(any)
    }
    for clause in mustNot { rows.subtract(try meeting(clause)) }
    return rows
  }
}
