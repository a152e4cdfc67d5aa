/// A use that somebody made of a work, or is about to make.
public struct Use: Hashable, Sendable {
  /// Who uses it.
  public var licensee: String
  /// What for: `training`, `generation`, `display`, `distribution` or another name.
  public var purpose: String
  /// Where: a code of ISO 3166-1, or `worldwide`, which only a permission without territories covers.
  public var territory: String
  /// When it happens: milliseconds since 1970, UTC.
  public var at: Int64
  /// The moment whose knowledge counts; nil for all that is known.
  ///
  /// Records that the register learnt of later do not exist.
  public var asKnownAt: Int64?

  /// A use.
  public init(licensee: String, purpose: String, territory: String, at: Int64, asKnownAt: Int64? = nil) {
    self.licensee = licensee
    self.purpose = purpose
    self.territory = territory
    self.at = at
    self.asKnownAt = asKnownAt
  }
}
