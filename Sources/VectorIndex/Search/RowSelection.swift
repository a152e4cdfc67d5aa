/// The rows that a scan looks at, ascending: all of the first so many, or a list.
///
/// Scans are written once, over blocks of a selection; whether the rows of a block lie one after another decides which kernel reads them.
public struct RowSelection: Sendable {
  private let list: [UInt32]?
  /// How many rows are looked at.
  public let count: Int

  /// The first `count` rows.
  public init(first count: Int) {
    list = nil
    self.count = count
  }

  /// The rows of a set.
  ///
  /// - Complexity: O(*n* / 64 + members).
  public init(_ rows: Bitmap) {
    let ordinals = rows.ordinals
    list = ordinals.count == rows.count ? nil : ordinals
    count = ordinals.count
  }

  /// The ordinals at some positions of the selection.
  ///
  /// - Parameters:
  ///   - positions: Within 0..<``count``.
  ///   - target: Gets one ordinal a position.
  /// - Returns: Whether they are consecutive numbers.
  @inline(__always)
  func copy(_ positions: Range<Int>, to target: UnsafeMutablePointer<UInt32>) -> Bool {
    precondition(positions.lowerBound >= 0 && positions.upperBound <= count)
    // SAFETY: the caller gives room for one ordinal a position; positions were checked on the line above.
    guard let list else {
      for index in 0..<positions.count { unsafe target[index] = UInt32(positions.lowerBound + index) }
      return true
    }
    for index in 0..<positions.count { unsafe target[index] = list[positions.lowerBound + index] }
    return positions.isEmpty || Int(list[positions.upperBound - 1] - list[positions.lowerBound]) == positions.count - 1
  }

  /// Calls `body` with every ordinal, ascending.
  func forEach(_ body: (UInt32) -> Void) {
    if let list {
      list.forEach(body)
    } else {
      for ordinal in 0..<UInt32(count) { body(ordinal) }
    }
  }
}
