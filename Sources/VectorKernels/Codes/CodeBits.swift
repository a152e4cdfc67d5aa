/// How many bits of a number a packed code keeps.
///
/// The raw value is the number of bits. A row of codes is one plane of whole 64-byte lines, or two for three bits; the C
/// header `CodeKernels.h` defines which bit belongs to which dimension.
public enum CodeBits: UInt8, CaseIterable, Sendable {
  /// The sign.
  case one = 1
  /// Four levels.
  case two = 2
  /// Eight levels, as a plane of two bits and a plane of one.
  case three = 3
  /// Sixteen levels.
  case four = 4
  /// 256 levels, one byte each.
  case eight = 8

  /// The size of a row of codes; a multiple of 64.
  ///
  /// - Parameter dimension: The number of codes.
  /// - Returns: The number of bytes.
  public func rowBytes(dimension: Int) -> Int {
    let (wide, narrow) = planes
    return Self.planeBytes(wide, dimension) + Self.planeBytes(narrow, dimension)
  }

  /// The size of the query that the kernels read: its dimension rounded up to the room in the planes.
  ///
  /// What lies beyond the dimension must be zero.
  ///
  /// - Parameter dimension: The number of codes in a row.
  /// - Returns: The number of bytes.
  public func queryBytes(dimension: Int) -> Int {
    let (wide, narrow) = planes
    let room = Self.planeBytes(wide, dimension) * 8 / wide
    return narrow == 0 ? room : max(room, Self.planeBytes(narrow, dimension) * 8 / narrow)
  }

  /// The bits a dimension of each plane, 0 for none; no array, since every search asks.
  private var planes: (wide: Int, narrow: Int) { self == .three ? (2, 1) : (Int(rawValue), 0) }

  private static func planeBytes(_ bits: Int, _ dimension: Int) -> Int {
    (dimension * bits + 511) / 512 * 64
  }
}
