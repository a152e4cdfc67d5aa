import Catalogue

/// An item with its attributes as values, and what the conditions mean in plain Swift.
struct FilterOracle {
  var record: ItemRecord
  var attributes: [(String, JSONValue)]?

  func matches(_ condition: Condition) -> Bool {
    let value = value(of: condition.field)
    switch condition.test {
    case .isEmpty: return isEmpty(value)
    case .exists: return !isEmpty(value)
    default: break
    }
    if case .array(let elements) = value { return elements.contains { matches($0, condition.test) } }
    return matches(value, condition.test)
  }

  private func value(of field: Condition.Field) -> JSONValue {
    func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    switch field {
    case .key: return text(record.key)
    case .member: return text(record.member)
    case .work: return text(record.work)
    case .kind: return text(record.kind)
    case .title: return text(record.title)
    case .source: return text(record.source)
    case .timecode:
      switch record.timecode {
      case .number(let number): return .real(number)
      case .text(let string): return .string(string)
      case nil: return .null
      }
    case .attribute(let name):
      return attributes?.first { $0.0.utf8.elementsEqual(name.utf8) }?.1 ?? .null
    }
  }

  private func isEmpty(_ value: JSONValue) -> Bool {
    switch value {
    case .null: true
    case .array(let elements): elements.isEmpty
    default: false
    }
  }

  private func matches(_ value: JSONValue, _ test: Condition.Test) -> Bool {
    switch (value, test) {
    case (.null, _), (.array, _), (.object, _): false
    case (_, .any(let scalars)): scalars.contains { equals(value, $0) }
    case (_, .except(let scalars)): !scalars.contains { equals(value, $0) }
    case (.integer(let number), .range(let bounds)): lies(.integer(number), within: bounds)
    case (.real(let number), .range(let bounds)): lies(.real(number), within: bounds)
    default: false
    }
  }

  private func equals(_ value: JSONValue, _ scalar: Scalar) -> Bool {
    switch (value, scalar) {
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.real(let left), .integer(let right)): Int64(exactly: left) == right
    case (.integer(let left), .real(let right)): Int64(exactly: right) == left
    case (.real(let left), .real(let right)): left == right
    default: false
    }
  }

  private func lies(_ number: Number, within bounds: Condition.Bounds) -> Bool {
    bounds.greaterThan.map { number.order($0) == .greater } ?? true
      && bounds.atLeast.map { [.greater, .equal].contains(number.order($0)) } ?? true
      && bounds.lessThan.map { number.order($0) == .less } ?? true
      && bounds.atMost.map { [.less, .equal].contains(number.order($0)) } ?? true
  }
}

/// How one number lies to another; there is none to what is no number.
private enum Order { case less, equal, greater }

extension Number {
  /// Exactly, also where no double holds an integer: whole parts first, as integers of 128 bits, then what is left.
  fileprivate func order(_ other: Number) -> Order? {
    switch (self, other) {
    case (.integer(let left), .integer(let right)): return left < right ? .less : left > right ? .greater : .equal
    case (.real(let left), .real(let right)):
      return left < right ? .less : left > right ? .greater : left == right ? .equal : nil
    case (.real, .integer):
      return other.order(self).map { $0 == .less ? .greater : $0 == .greater ? .less : .equal }
    case (.integer(let left), .real(let right)):
      guard !right.isNaN else { return nil }
      guard abs(right) < 1e20 else { return right > 0 ? .less : .greater }
      let (whole, exact) = (Int128(right.rounded(.down)), Int128(left))
      if exact != whole { return exact < whole ? .less : .greater }
      return right == right.rounded(.down) ? .equal : .less
    }
  }
}
