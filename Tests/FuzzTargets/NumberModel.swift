import WireProtocol

/// What conditions on numbers mean, without doubles where there are integers.
enum NumberModel {
  /// Numbers at the borders of doubles and of 64 bits, as attributes of the catalogue's items.
  static let numbers: [ExactNumber?] = integers.map(ExactNumber.integer) + reals.map { ExactNumber($0) } + [nil, nil]

  private static let edge: Int64 = 1 << 53
  private static let integers: [Int64] = [
    .min, .min + 1, -edge - 1, -edge, -1, 0, 1, edge - 1, edge, edge + 1, .max - 1, .max,
  ]
  private static let reals: [Double] = [-0x1p63, -1e300, -0.5, 0.5, 1.5, 0x1p53, 1e18, 0x1p63, 1.7e308, 5e-324]

  /// A number as the text of JSON.
  static func text(of number: ExactNumber) -> String {
    switch number {
    case .integer(let integer): "\(integer)"
    case .real(let real): "\(real)"
    }
  }

  /// Whether an item with a number meets a test; nil for tests that are not about numbers.
  static func meets(_ number: ExactNumber?, _ test: FieldCondition.Test) -> Bool? {
    switch test {
    case .range(let range):
      guard let number else { return false }
      return range.greaterThan.map { order(number, $0) > 0 } ?? true
        && range.atLeast.map { order(number, $0) >= 0 } ?? true
        && range.lessThan.map { order(number, $0) < 0 } ?? true && range.atMost.map { order(number, $0) <= 0 } ?? true
    case .any(let values): return number.map { number in values.contains { isEqual($0, number) } } ?? false
    case .except(let values): return number.map { number in !values.contains { isEqual($0, number) } } ?? false
    case .isEmpty, .exists: return nil
    }
  }

  private static func isEqual(_ value: FilterValue, _ number: ExactNumber) -> Bool {
    switch value {
    case .integer(let integer): order(.integer(integer), number) == 0
    case .real(let real): order(.real(real), number) == 0
    case .string, .bool: false
    }
  }

  /// Below 0, 0 or above: whole parts first, then what is left.
  private static func order(_ left: ExactNumber, _ right: ExactNumber) -> Int {
    let ((a, aRest), (b, bRest)) = (parts(left), parts(right))
    if a != b { return a < b ? -1 : 1 }
    return aRest < bRest ? -1 : aRest > bRest ? 1 : 0
  }

  /// The whole part, where it is not larger than every integer, and the rest.
  private static func parts(_ number: ExactNumber) -> (whole: Int128, rest: Double) {
    switch number {
    case .integer(let integer): (Int128(integer), 0)
    case .real(let real) where abs(real) < 1e30: (Int128(real.rounded(.down)), real - real.rounded(.down))
    case .real(let real): (real < 0 ? -(1 << 120) : 1 << 120, real)
    }
  }
}
