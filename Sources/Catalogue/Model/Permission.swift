/// A permission as somebody gives it: never edited, only revoked.
///
/// Instants are milliseconds since 1970, UTC.
public struct Permission: Sendable {
  /// The register's id, not empty.
  public var id: String
  /// The id of the member whose works it is for.
  public var member: String
  /// The id of the one work that it is for; all works of the member without it.
  public var work: String?
  /// The key of the one item that it is for.
  public var item: String?
  /// Who is permitted something.
  public var licensee: String
  /// What is permitted; at least one name.
  public var uses: [String]
  /// Where: codes of ISO 3166-1; none is worldwide.
  public var territories: [String]
  /// The first instant that is covered; nil for no beginning.
  public var validFrom: Int64?
  /// The first instant that is no longer covered; nil for no end.
  public var validUntil: Int64?
  /// When it was given.
  public var grantedAt: Int64
  /// Where to find the contract, in the caller's words.
  public var reference: String?

  /// A permission.
  public init(
    id: String, member: String, work: String? = nil, item: String? = nil, licensee: String, uses: [String],
    territories: [String] = [], validFrom: Int64? = nil, validUntil: Int64? = nil, grantedAt: Int64,
    reference: String? = nil
  ) {
    self.id = id
    self.member = member
    self.work = work
    self.item = item
    self.licensee = licensee
    self.uses = uses
    self.territories = territories
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.grantedAt = grantedAt
    self.reference = reference
  }
}

extension Permission {
  /// What a permission is for: the narrowest thing that it names.
  public enum Scope: String, Sendable {
    /// All works of a member.
    case member
    /// One work.
    case work
    /// One item.
    case item
  }

  /// The narrowest thing that it names.
  public var scope: Scope { item != nil ? .item : work != nil ? .work : .member }

  /// Why it cannot be stored, or nil where nothing speaks against it.
  var objection: CatalogueError? {
    let texts = [id, member, licensee] + [work, item, reference].compactMap { $0 } + uses + territories
    func invalid(_ reason: String) -> CatalogueError { .invalid(subject: "permission \(id)", reason: reason) }
    if texts.contains(where: { $0.utf8.contains(0) }) { return invalid("a text contains U+0000") }
    if id.isEmpty || licensee.isEmpty || item?.isEmpty ?? false { return invalid("id, licensee or item is empty") }
    if uses.isEmpty || (uses + territories).contains(where: { $0.isEmpty || $0.utf8.contains(UInt8(ascii: ",")) }) {
      return invalid("uses and territories are names without commas, and there is at least one use")
    }
    if let validFrom, let validUntil, validFrom >= validUntil { return invalid("it ends before it begins") }
    return nil
  }

  /// A list as it is stored: every name once, in the order of bytes.
  static func list(_ names: [String]) -> String? {
    var sorted: [String] = []
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where sorted.last != name {
      sorted.append(name)
    }
    return sorted.isEmpty ? nil : sorted.joined(separator: ",")
  }
}
