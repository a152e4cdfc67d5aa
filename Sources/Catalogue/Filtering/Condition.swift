/// One condition on one field of an item: a leaf of a filter.
///
/// The meaning is that of Qdrant's conditions. A list in an attribute matches where one of its elements does, whatever the test, and a field
/// without a value matches ``Test/isEmpty`` alone, thus not ``Test/except(_:)`` either. Numbers are compared exactly.
public struct Condition: Hashable, Sendable {
  /// Bounds of a range; those that are nil do not bound.
  public struct Bounds: Hashable, Sendable {
    /// The value is greater.
    public var greaterThan: Number?
    /// The value is greater or equal.
    public var atLeast: Number?
    /// The value is less.
    public var lessThan: Number?
    /// The value is less or equal.
    public var atMost: Number?

    /// The range of all numbers that meet every given bound.
    public init(
      greaterThan: Number? = nil, atLeast: Number? = nil, lessThan: Number? = nil, atMost: Number? = nil
    ) {
      self.greaterThan = greaterThan
      self.atLeast = atLeast
      self.lessThan = lessThan
      self.atMost = atMost
    }
  }

  /// What the field has to be.
  public enum Test: Hashable, Sendable {
    /// One of the values.
    case any([Scalar])
    /// A text, number or truth value that is none of the values.
    case except([Scalar])
    /// A number within the bounds.
    case range(Bounds)
    /// Missing, null or an empty list.
    case isEmpty
    /// The opposite of ``isEmpty``.
    case exists
  }

  /// What the condition looks at.
  public var field: Field
  /// What the field has to be.
  public var test: Test

  /// The condition that `field` meets `test`.
  public init(_ field: Field, _ test: Test) {
    self.field = field
    self.test = test
  }
}
