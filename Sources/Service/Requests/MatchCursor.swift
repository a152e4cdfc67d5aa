import VectorIndex
import WireProtocol

/// Where an answer to `match` stopped, so that the next one goes on there.
///
/// Bound to a revision: after a commit the rest of an old answer would belong to another catalogue.
package struct MatchCursor: Equatable {
  /// The revision that is searched.
  package var sequence: Int64
  /// The vector whose matches come next.
  package var query: Int
  /// The last match shown of it; nil if none was.
  package var last: Neighbor?

  private static let prefix = "m1"

  /// Opaque to callers.
  package var text: String {
    let place = last.map { ".\($0.distance.bitPattern).\($0.ordinal)" } ?? ""
    return "\(Self.prefix).\(sequence).\(query)\(place)"
  }

  /// A place in an answer.
  package init(sequence: Int64, query: Int, last: Neighbor?) {
    self.sequence = sequence
    self.query = query
    self.last = last
  }

  /// Reads a cursor that an earlier answer gave.
  ///
  /// - Parameters:
  ///   - text: From the request.
  ///   - snapshot: What would be searched.
  ///   - queries: How many vectors the request has.
  /// - Throws: `invalid_params` for what is no cursor of such a request, `stale` for one of another revision.
  package init(_ text: String, for snapshot: IndexSnapshot, queries: Int) throws(WireError) {
    let invalid = WireError.invalid("/params/cursor", "not a cursor of an answer to this request")
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 || parts.count == 5, parts[0] == Self.prefix, let sequence = Int64(parts[1]),
      let query = Int(parts[2]),
      0..<queries ~= query
    else { throw invalid }
    guard sequence == snapshot.sequence else {
      throw WireError(
        .stale,
        "the catalogue has changed since the first answer (revision \(sequence), now \(snapshot.sequence)); ask again without cursor",
        pointer: "/params/cursor")
    }
    self.init(sequence: sequence, query: query, last: nil)
    guard parts.count == 5 else { return }
    guard let bits = UInt32(parts[3]), let ordinal = UInt32(parts[4]), Int(ordinal) < snapshot.count,
      !Float(bitPattern: bits).isNaN
    else { throw invalid }
    last = Neighbor(distance: Float(bitPattern: bits), ordinal: ordinal)
  }
}
