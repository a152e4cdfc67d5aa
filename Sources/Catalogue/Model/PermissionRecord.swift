/// A permission in the register, with what the register knows of it.
public struct PermissionRecord: Sendable {
  /// The end of a permission, a record of its own.
  public struct Revocation: Hashable, Sendable {
    /// From when on the permission covers nothing: milliseconds since 1970, UTC.
    public let revokedAt: Int64
    /// When the register learnt of it.
    public let recordedAt: Int64
    /// Where to find the letter, in the caller's words.
    public let reference: String?
    /// The commit that brought it.
    public let seq: Int64
  }

  /// A dense number within the catalogue, from 1.
  public let number: Int64
  /// What was given.
  public let permission: Permission
  /// When the register learnt of it; never earlier than of any record before.
  public let recordedAt: Int64
  /// The commit that brought it.
  public let seq: Int64
  /// How it was revoked, in the order of recording.
  public let revocations: [Revocation]
}
