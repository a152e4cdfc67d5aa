import Foundation
import GRDB

/// A condition as a predicate on the table `item`, with everything that the caller said in its arguments.
///
/// Values travel as one JSON list, so that the text of the predicate does not depend on how many there are.
struct CompiledCondition {
  let predicate: String
  private(set) var arguments: StatementArguments = [:]

  init(_ condition: Condition) throws {
    let test = condition.test
    if case .attribute(let name) = condition.field, name.utf8.contains(0) {
      predicate = test == .isEmpty ? "TRUE" : "FALSE"  // no stored name has U+0000
      return
    }
    switch condition.field {
    case .key: predicate = Self.onText("key", test)
    case .kind: predicate = Self.onText("kind", test)
    case .title: predicate = Self.onText("title", test)
    case .source: predicate = Self.onText("source", test)
    case .member: predicate = Self.onReference("member", test)
    case .work: predicate = Self.onReference("work", test)
    case .timecode: predicate = Self.onTimecode(test)
    case .attribute(let name):
      predicate = Self.onAttribute(test)
      arguments = ["name": name]
    }
    try bind(test, to: condition.field)
  }

  /// Gives the predicate those of its arguments that the test holds.
  private mutating func bind(_ test: Condition.Test, to field: Condition.Field) throws {
    switch (test, field) {
    case (.any(let values), _), (.except(let values), _):
      arguments += ["list": try Self.list(values, withNumbers: field.holdsNumbers)]
    case (.range(let bounds), .timecode), (.range(let bounds), .attribute):
      for (name, _, bound) in Self.limits(bounds) { arguments += [name: bound.databaseValue] }
    default: break
    }
  }

  /// The texts, and where wanted the numbers, of `values` as a JSON list.
  ///
  /// A column of texts is given none but texts, since SQLite would turn a number into a text before comparing the two.
  /// A text with U+0000 is left out: no stored one has it.
  private static func list(_ values: [Scalar], withNumbers: Bool) throws -> String {
    var elements: [String] = []
    let encoder = JSONEncoder()
    for value in values {
      switch value {
      case .string(let text) where !text.utf8.contains(0):
        elements.append(String(decoding: try encoder.encode(text), as: UTF8.self))
      case .integer(let number) where withNumbers: elements.append(String(number))
      case .real(let number) where withNumbers && number.isFinite: elements.append(number.description)
      default: break
      }
    }
    return "[" + elements.joined(separator: ",") + "]"
  }

  /// The bounds that are given: argument, operator and value of each.
  ///
  /// SQLite compares integers and reals exactly, whichever is on which side.
  private static func limits(_ bounds: Condition.Bounds) -> [(name: String, comparison: String, value: Number)] {
    let all = [
      ("gt", ">", bounds.greaterThan), ("gte", ">=", bounds.atLeast), ("lt", "<", bounds.lessThan),
      ("lte", "<=", bounds.atMost),
    ]
    return all.compactMap { name, comparison, value in value.map { (name, comparison, $0) } }
  }
}

extension Number {
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .integer(let integer): integer.databaseValue
    case .real(let real): real.databaseValue
    }
  }
}

extension Condition.Field {
  fileprivate var holdsNumbers: Bool {
    switch self {
    case .timecode, .attribute: true
    default: false
    }
  }
}

extension CompiledCondition {
  private static let values = "(SELECT value FROM json_each(:list))"

  private static func onText(_ column: String, _ test: Condition.Test) -> String {
    switch test {
    case .any: "item.\(column) IN \(values)"
    case .except: "item.\(column) IS NOT NULL AND item.\(column) NOT IN \(values)"
    case .range: "FALSE"
    case .isEmpty: "item.\(column) IS NULL"
    case .exists: "item.\(column) IS NOT NULL"
    }
  }

  /// A column of numbers of another table, which has the texts.
  private static func onReference(_ table: String, _ test: Condition.Test) -> String {
    let numbers = "(SELECT number FROM \(table) WHERE id IN \(values))"
    return switch test {
    case .any: "item.\(table) IN \(numbers)"
    case .except: "item.\(table) IS NOT NULL AND item.\(table) NOT IN \(numbers)"
    default: onText(table, test)
    }
  }

  private static func onTimecode(_ test: Condition.Test) -> String {
    guard case .range(let bounds) = test else { return onText("timecode", test) }
    let comparisons = limits(bounds).map { "item.timecode \($0.comparison) :\($0.name)" }
    return (["typeof(item.timecode) IN ('integer', 'real')"] + comparisons).joined(separator: " AND ")
  }

  /// One member of the object of attributes, found by its exact name, and the elements of a list one by one.
  private static func onAttribute(_ test: Condition.Test) -> String {
    let exists = """
      EXISTS (SELECT 1 FROM json_each(item.attributes) AS a
        WHERE a.key = :name AND a.type <> 'null' AND NOT (a.type = 'array' AND a.value = '[]'))
      """
    return switch test {
    case .exists: exists
    case .isEmpty: "NOT " + exists
    default:
      """
      EXISTS (SELECT 1 FROM json_each(item.attributes) AS a WHERE a.key = :name AND CASE a.type
        WHEN 'array' THEN EXISTS (SELECT 1 FROM json_each(a.value) AS e WHERE \(onElement("e", test)))
        ELSE \(onElement("a", test)) END)
      """
    }
  }

  /// A single JSON value, given as a row of `json_each`.
  ///
  /// `atom` is 1 for `true`, so the type decides before the value does.
  private static func onElement(_ row: String, _ test: Condition.Test) -> String {
    switch test {
    case .any(let scalars): isAny(of: scalars, row)
    case .except(let scalars):
      "\(row).type NOT IN ('null', 'array', 'object') AND NOT (\(isAny(of: scalars, row)))"
    case .range(let bounds):
      (["\(row).type IN ('integer', 'real')"] + limits(bounds).map { "\(row).atom \($0.comparison) :\($0.name)" })
        .joined(separator: " AND ")
    case .isEmpty, .exists: "FALSE"
    }
  }

  private static func isAny(of scalars: [Scalar], _ row: String) -> String {
    var truths: [String] = []
    if scalars.contains(.bool(true)) { truths.append("'true'") }
    if scalars.contains(.bool(false)) { truths.append("'false'") }
    let isListed = "\(row).type IN ('text', 'integer', 'real') AND \(row).atom IN \(values)"
    return truths.isEmpty ? isListed : "\(row).type IN (\(truths.joined(separator: ", "))) OR (\(isListed))"
  }
}
