import VectorIndex

/// Which rows the queries of a sweep may find: one set for all of them, or one for each group.
///
/// `peers/filters.py` makes the same ones.
struct QueryFilter {
  let name: String
  /// The group of every query that is asked.
  let groups: [Int]
  /// The rows that a group may find.
  let filters: [SearchFilter]

  /// How many queries are asked with a filter.
  private static let queryLimit = 1000

  /// The share of all rows that a query may find, on average.
  var share: Double {
    let shares = filters.map { Double($0.allowed.population) / Double($0.allowed.count) }
    return groups.reduce(0) { $0 + shares[$1] } / Double(groups.count)
  }

  /// Members of three sizes, a random 0.3 %, and everything but the member that the query itself belongs to.
  static func standard(_ data: DataFolder, nearest: [UInt32]) throws -> [QueryFilter] {
    let count = min(queryLimit, data.queryCount)
    let same = [Int](repeating: 0, count: count)
    func one(_ name: String, _ allows: (Int) -> Bool) -> QueryFilter {
      QueryFilter(name: name, groups: same, filters: [filter(data.rowCount, allows)])
    }
    let random = one("random 0.3 %") { spread(UInt64($0)) % 1000 < 3 }
    guard let members = try data.members() else { return [random] }
    let own = nearest.prefix(count).map { members[Int($0)] }
    let excluded = Set(own).sorted()
    let others = QueryFilter(
      name: "all but own member", groups: own.compactMap(excluded.firstIndex(of:)),
      filters: excluded.map { member in filter(data.rowCount) { members[$0] != member } })
    return picked(members).map { name, member in one(name) { members[$0] == member } } + [random, others]
  }

  private static func filter(_ rows: Int, _ allows: (Int) -> Bool) -> SearchFilter {
    var allowed = Bitmap(count: rows)
    for row in 0..<rows where allows(row) { allowed.insert(UInt32(row)) }
    return SearchFilter(allowed: allowed)
  }

  private static func picked(_ members: [Int]) -> [(String, Int)] {
    let sizes = Dictionary(members.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
    func nearest(_ share: Double) -> Int? {
      sizes.min {
        abs(Double($0.value) / Double(members.count) - share) < abs(Double($1.value) / Double(members.count) - share)
      }?
      .key
    }
    let wanted = [("largest member", 1.0), ("member near 3.1 %", 0.031), ("member near 0.76 %", 0.0076)]
    return wanted.compactMap { name, share in nearest(share).map { (name, $0) } }
  }

  /// A hash of a row's number (the finaliser of SplitMix64).
  private static func spread(_ row: UInt64) -> UInt64 { SplitMix64.mix((row + 1) &* SplitMix64.step) }
}
