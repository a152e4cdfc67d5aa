/// Decides whether a use is permitted: the table in <doc:Permissions>, and nothing else.
public enum PermissionRule {
  /// Judges a use by the permissions that apply to an item.
  ///
  /// - Parameters:
  ///   - use: What is done, by whom, where and when.
  ///   - permissions: Those of the item's member, work and key, in any order.
  /// - Returns: The covering permission with the least id; or else the reason of the one that failed last, the least id among equals.
  /// - Complexity: O(*n*) in permissions and their revocations.
  public static func verdict(on use: Use, given permissions: some Sequence<PermissionTerms>) -> PermissionVerdict {
    var covering: String?
    var nearest: (reason: PermissionVerdict.Reason, id: String)?
    for permission in permissions where use.knows(permission.recordedAt) {
      guard let reason = objection(of: permission, to: use) else {
        covering = covering.map { least($0, permission.id) } ?? permission.id
        continue
      }
      guard let known = nearest, reason <= known.reason else {
        nearest = (reason, permission.id)
        continue
      }
      if reason == known.reason { nearest = (reason, least(known.id, permission.id)) }
    }
    if let covering { return .permitted(id: covering) }
    return .notPermitted(nearest?.reason ?? .noneRecorded, id: nearest?.id)
  }

  /// The first test that a permission fails; nil if it covers the use.
  static func objection(of permission: PermissionTerms, to use: Use) -> PermissionVerdict.Reason? {
    guard isSame(permission.licensee, use.licensee) else { return .otherLicensee }
    guard permission.uses.contains(where: { isSame($0, use.purpose) }) else { return .otherUse }
    guard permission.territories.isEmpty || permission.territories.contains(where: { isSame($0, use.territory) })
    else { return .otherTerritory }
    guard permission.validFrom.map({ $0 <= use.at }) ?? true, permission.validUntil.map({ use.at < $0 }) ?? true
    else { return .outsideWindow }
    guard permission.grantedAt <= use.at else { return .grantedAfterUse }
    let isRevoked = permission.revocations.contains { use.knows($0.recordedAt) && $0.revokedAt <= use.at }
    return isRevoked ? .revokedBefore : nil
  }

  /// Names are the same if their bytes are; Swift's strings also equal what Unicode calls equivalent.
  private static func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

  private static func least(_ a: String, _ b: String) -> String {
    b.utf8.lexicographicallyPrecedes(a.utf8) ? b : a
  }
}

extension Use {
  /// Whether a record existed at the moment whose knowledge counts.
  fileprivate func knows(_ recordedAt: Int64) -> Bool {
    asKnownAt.map { recordedAt <= $0 } ?? true
  }
}
