/// Which items a request is about: conditions that must hold, of which one must hold, and that must not hold.
///
/// The grammar is Qdrant's. Hashable, so that what was computed for a filter can be kept.
public struct Filter: Hashable, Sendable {
  /// All of them hold.
  public var must: [Clause]
  /// At least one of them holds, if there are any.
  public var should: [Clause]
  /// None of them holds.
  public var mustNot: [Clause]

  /// A filter; without clauses everything meets it.
  public init(must: [Clause] = [], should: [Clause] = [], mustNot: [Clause] = []) {
    self.must = must
    self.should = should
    self.mustNot = mustNot
  }

  /// One entry of a list.
  public indirect enum Clause: Hashable, Sendable {
    /// A condition on one field.
    case condition(FieldCondition)
    /// A filter inside the filter.
    case filter(Filter)
  }
}

/// A condition on one field of an item.
///
/// Two conditions are about the same field only if its name has the same bytes.
public struct FieldCondition: Sendable {
  /// What the field is called: `key`, `member`, `work`, `kind`, `title`, `source`, `timecode`, or the name of an attribute.
  public var field: String
  /// What it has to be.
  public var test: Test

  /// A condition.
  public init(field: String, test: Test) {
    self.field = field
    self.test = test
  }

  /// What a field has to be.
  public enum Test: Hashable, Sendable {
    /// One of the values.
    case any([FilterValue])
    /// There, and none of the values.
    case except([FilterValue])
    /// A number within bounds.
    case range(FilterRange)
    /// Missing, null, or an empty list.
    case isEmpty
    /// There.
    case exists
  }
}

/// A value that a field is compared with.
///
/// Two strings are the same value only if they have the same bytes.
public enum FilterValue: Sendable {
  /// A text, compared byte by byte.
  case string(String)
  /// A whole number.
  case integer(Int64)
  /// A number that is not whole, or too large for a whole one.
  case real(Double)
  /// A truth value.
  case bool(Bool)
}

/// Bounds of a number, which is compared with them exactly; those that are nil do not bound.
public struct FilterRange: Hashable, Sendable {
  /// The number is greater.
  public var greaterThan: ExactNumber?
  /// The number is greater or equal.
  public var atLeast: ExactNumber?
  /// The number is less.
  public var lessThan: ExactNumber?
  /// The number is less or equal.
  public var atMost: ExactNumber?

  /// No bounds.
  public init() {}
}

extension FilterValue: Hashable {
  /// Whether two values have the same kind and the same digits or bytes.
  public static func == (a: FilterValue, b: FilterValue) -> Bool {
    switch (a, b) {
    case (.string(let a), .string(let b)): ExactText(a) == ExactText(b)
    case (.integer(let a), .integer(let b)): a == b
    case (.real(let a), .real(let b)): a == b
    case (.bool(let a), .bool(let b)): a == b
    default: false
    }
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .string(let string): hasher.combine(ExactText(string))
    case .integer(let integer): hasher.combine(integer)
    case .real(let real): hasher.combine(real)
    case .bool(let bool): hasher.combine(bool)
    }
  }
}

extension FieldCondition: Hashable {
  /// Whether two conditions ask the same of the same field.
  public static func == (a: FieldCondition, b: FieldCondition) -> Bool {
    ExactText(a.field) == ExactText(b.field) && a.test == b.test
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(ExactText(field))
    hasher.combine(test)
  }
}
