/// Someone whose works are in the catalogue.
public struct Member: Hashable, Sendable {
  /// A dense number within the catalogue, from 1; never reused.
  public let number: UInt32
  /// The caller's id.
  public let id: String
  /// The member's name.
  public let name: String?
  /// How the member can be reached.
  public let contact: String?
  /// When the member first appeared: ISO 8601, UTC.
  public let joinedAt: String?
  /// Works of the member.
  public let workCount: Int
  /// Live items of the member.
  public let itemCount: Int
}
