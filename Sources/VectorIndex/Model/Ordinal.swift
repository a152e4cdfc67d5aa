/// Our dense 32-bit number of a row, in order of arrival; never shown to callers, who know items by key.
///
/// Elsewhere called internal id. Wherever millions are handled the raw `UInt32` is stored; the type marks the seams, so that
/// a row number is never mistaken for a caller's number.
public struct Ordinal: Hashable, Comparable, Sendable, RawRepresentable {
  /// The row number, from 0.
  public let rawValue: UInt32

  /// Names the row with that number.
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Names the row with that number.
  @inlinable
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// The row number as an index.
  @inlinable
  public var index: Int { Int(rawValue) }

  /// Whether one row arrived before another.
  @inlinable
  public static func < (a: Ordinal, b: Ordinal) -> Bool { a.rawValue < b.rawValue }
}
