/// Whether the register has a permission that covers a use.
public enum PermissionVerdict: Hashable, Sendable {
  /// The permission of this id covers it.
  case permitted(id: String)
  /// None covers it: why not, and which came nearest, where there is any.
  case notPermitted(Reason, id: String?)

  /// Why a permission does not cover a use: the first test that it fails, in the order of the tests.
  public enum Reason: String, CaseIterable, Comparable, Sendable {
    /// No permission applies to the item.
    case noneRecorded = "none_recorded"
    /// It is somebody else's.
    case otherLicensee = "other_licensee"
    /// It is for other uses.
    case otherUse = "other_use"
    /// It is for other territories.
    case otherTerritory = "other_territory"
    /// The use lies before its window, or at its end or after.
    case outsideWindow = "outside_window"
    /// It was given after the use; what was done without permission stays so.
    case grantedAfterUse = "granted_after_use"
    /// It had been revoked by then.
    case revokedBefore = "revoked_before"

    /// Whether a permission with the first reason failed an earlier test than one with the second.
    public static func < (left: Reason, right: Reason) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .noneRecorded: 0
      case .otherLicensee: 1
      case .otherUse: 2
      case .otherTerritory: 3
      case .outsideWindow: 4
      case .grantedAfterUse: 5
      case .revokedBefore: 6
      }
    }
  }
}
