import Foundation
import Service
import TestSupport
import Testing
import WireProtocol

/// Filters against plain Swift over the sample's lines.
@Suite struct FilterTests {
  /// The lines of the sample, by ordinal.
  private let lines: [[String: Any]]

  init() throws {
    let text = try String(contentsOfFile: Repository.sample("items.jsonl"), encoding: .utf8)
    lines = try text.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  @Test(arguments: 1...8)
  func `Any filter names the rows that plain Swift names`(_ seed: UInt64) throws {
    let engine = try Fixture.sample().open()
    var generator = SeededGenerator(seed: seed)
    var matches = 0
    for _ in 0..<60 {
      let filter = filter(depth: 3, &generator)
      let found = try engine.rows(meeting: filter, in: engine.snapshot).ordinals
      let expected = lines.indices.filter { Oracle(line: lines[$0]).meets(filter) }
      #expect(found.map(Int.init) == expected, "seed \(seed): \(filter)")
      matches += found.count
    }
    #expect(matches > 0)
  }

  @Test(arguments: [
    FilterTest.any([.string("x")]), .except([.string("x")]), .range(FilterRange()), .exists,
  ])
  func `An unknown field matches nothing`(_ test: FilterTest) throws {
    let engine = try Fixture.sample().open()
    let filter = Filter(must: [.condition(FieldCondition(field: "no such field", test: test))])
    #expect(try engine.rows(meeting: filter, in: engine.snapshot).population == 0)
    let missing = Filter(must: [.condition(FieldCondition(field: "no such field", test: .isEmpty))])
    #expect(try engine.rows(meeting: missing, in: engine.snapshot).population == 1785)
  }

  @Test func `Lists and truth values of attributes are looked into`() throws {
    let fixture = try Fixture()
    try fixture.run(
      fixture.request(
        [[1, 0], [0, 1], [1, 1], [2, 1]],
        metadata: [
          #"{"key":"a","tags":["cel","ink"],"sold":true,"size":2.5}"#, #"{"key":"b","tags":[],"sold":false,"size":2}"#,
          #"{"key":"c","tags":null,"sold":1}"#, #"{"key":"d","tags":"ink","timecode":12.5}"#,
        ]))
    let engine = try fixture.open()
    func keys(_ field: String, _ test: FilterTest) throws -> [String] {
      let filter = Filter(must: [.condition(FieldCondition(field: field, test: test))])
      return try engine.rows(meeting: filter, in: engine.snapshot).ordinals.map { engine.snapshot.keys[$0] }
    }
    #expect(try keys("tags", .any([.string("ink")])) == ["a", "d"])
    #expect(try keys("tags", .isEmpty) == ["b", "c"])
    #expect(try keys("tags", .exists) == ["a", "d"])
    #expect(try keys("sold", .any([.bool(true)])) == ["a"])
    #expect(try keys("sold", .any([.integer(1)])) == ["c"])
    #expect(try keys("sold", .except([.bool(true)])) == ["b", "c"])
    var range = FilterRange()
    (range.atLeast, range.lessThan) = (2, 2.5)
    #expect(try keys("size", .range(range)) == ["b"])
    range.lessThan = 20
    #expect(try keys("timecode", .range(range)) == ["d"])
    #expect(try keys("key", .any([.string("c"), .string("zz")])) == ["c"])
  }

  /// What Protocol.md says of lists and of numbers, from the line of metadata to the rows.
  @Test func `A condition on a list holds where it holds for one of its elements, and numbers are compared exactly`()
    throws
  {
    let fixture = try Fixture()
    let lines = [
      #""n":[1,5]"#, #""n":[]"#, #""n":9007199254740993"#, #""n":9007199254740992"#, #""n":1e3"#, #""n":1000.0"#,
      #""n":1.5"#, #""n":"1000""#, #""n":[null,[7],{"a":7}]"#, #""n":9223372036854775807"#, #""n":null"#, #""m":0"#,
    ]
    let metadata = lines.enumerated().map { #"{"key":"\#($0.offset)",\#($0.element)}"# }
    try fixture.run(fixture.request(lines.map { _ in [1, 0] }, metadata: metadata))
    let engine = try fixture.open()
    func rows(_ test: String) throws -> [UInt32] {
      try engine.rows(meeting: JSONText.filter(#"{"must":{"key":"n",\#(test)}}"#), in: engine.snapshot).ordinals
    }
    #expect(try rows(#""match":{"value":5}"#) == [0])
    #expect(try rows(#""match":{"except":[1]}"#) == [0, 2, 3, 4, 5, 6, 7, 9], "5 is another")
    #expect(try rows(#""range":{"gt":4,"lt":6}"#) == [0])
    #expect(try rows(#""range":{"gt":1,"lt":5}"#) == [6], "one element meets all bounds or none does")
    #expect(try rows(#""range":{"gte":9007199254740993}"#) == [2, 9])
    #expect(try rows(#""range":{"gt":9007199254740992,"lt":9007199254740994}"#) == [2])
    #expect(try rows(#""range":{"lte":9007199254740992,"gt":1e15}"#) == [3])
    #expect(try rows(#""range":{"gte":9.3e18}"#) == [])
    #expect(try rows(#""range":{"gte":9223372036854775807}"#) == [9])
    #expect(try rows(#""match":{"any":[9007199254740993,1000]}"#) == [2, 4, 5])
    #expect(try rows(#""match":{"value":1000.0}"#) == [4, 5])
    #expect(try rows(#""match":{"value":1.5}"#) == [6])
    #expect(try rows(#""match":{"value":7}"#) == [], "a list in a list is no element that is looked into")
  }

  @Test func `What was computed for a filter grows with the catalogue`() throws {
    let fixture = try Fixture()
    try fixture.run(fixture.request([[1, 0], [0, 1]], metadata: [#"{"key":"a","n":1}"#, #"{"key":"b","n":2}"#]))
    let engine = try fixture.open()
    let filter = Filter(must: [.condition(FieldCondition(field: "n", test: .any([.integer(1)])))])
    let before = engine.snapshot
    #expect(try engine.rows(meeting: filter, in: before).ordinals == [0])
    try fixture.run(
      fixture.request([[1, 1], [1, 2]], metadata: [#"{"key":"c","n":1}"#, #"{"key":"a","n":2}"#], name: "more"))
    try engine.refresh()
    let after = engine.snapshot
    #expect(try engine.rows(meeting: filter, in: after).ordinals == [0, 2])
    #expect(after.live.ordinals == [1, 2, 3], "the replaced row is not live")
    #expect(try engine.rows(meeting: filter, in: before).ordinals == [0], "an older state keeps its size")
    let opposite = Filter(mustNot: [.filter(filter)])
    #expect(try engine.rows(meeting: opposite, in: before).ordinals == [1])
    #expect(try engine.rows(meeting: opposite, in: after).ordinals == [1, 3])
  }

  // MARK: Random filters

  typealias FilterTest = FieldCondition.Test

  private func filter(depth: Int, _ generator: inout SeededGenerator) -> Filter {
    var filter = Filter()
    for list in [\Filter.must, \.should, \.mustNot] {
      let count = Int.random(in: 0...2, using: &generator)
      for _ in 0..<count {
        let isNested = depth > 0 && Int.random(in: 0..<4, using: &generator) == 0
        filter[keyPath: list].append(
          isNested ? .filter(self.filter(depth: depth - 1, &generator)) : .condition(condition(&generator)))
      }
    }
    return filter
  }

  private func condition(_ generator: inout SeededGenerator) -> FieldCondition {
    let fields = [
      "key", "member", "work", "kind", "title", "source", "timecode", "series", "year", "language", "colour",
    ]
    let field = fields.randomElement(using: &generator) ?? "year"
    let test: FilterTest
    switch Int.random(in: 0..<6, using: &generator) {
    case 0, 1: test = .any((0..<3).map { _ in value(of: field, &generator) })
    case 2: test = .except((0..<2).map { _ in value(of: field, &generator) })
    case 3:
      var range = FilterRange()
      let bounds = [\FilterRange.atLeast, \.greaterThan]
      range[keyPath: bounds.randomElement(using: &generator) ?? \.atLeast] = ExactNumber(
        Double.random(in: 1990...2010, using: &generator))
      if Bool.random(using: &generator) { range.lessThan = .integer(.random(in: 2000...2025, using: &generator)) }
      if Bool.random(using: &generator) { range.atMost = 2015 }
      test = .range(range)
    case 4: test = .isEmpty
    default: test = .exists
    }
    return FieldCondition(field: field, test: test)
  }

  /// A value that some item has there, mostly.
  private func value(of field: String, _ generator: inout SeededGenerator) -> FilterValue {
    switch lines.randomElement(using: &generator)?[field] {
    case let number as NSNumber: .integer(number.int64Value)
    case let text as String: .string(text)
    default: .string("none")
    }
  }
}

/// What a filter means, for one line.
private struct Oracle {
  let line: [String: Any]

  func meets(_ filter: Filter) -> Bool {
    filter.must.allSatisfy(meets) && (filter.should.isEmpty || filter.should.contains(where: meets))
      && !filter.mustNot.contains(where: meets)
  }

  private func meets(_ clause: Filter.Clause) -> Bool {
    switch clause {
    case .filter(let filter): meets(filter)
    case .condition(let condition): meets(condition)
    }
  }

  private func meets(_ condition: FieldCondition) -> Bool {
    let value = line[condition.field]
    switch condition.test {
    case .isEmpty: return value == nil
    case .exists: return value != nil
    case .any(let values): return values.contains { equals(value, $0) }
    case .except(let values): return value != nil && !values.contains { equals(value, $0) }
    case .range(let range):
      guard let number = (value as? NSNumber)?.doubleValue else { return false }
      return range.atLeast.map { number >= $0.double } ?? true && range.greaterThan.map { number > $0.double } ?? true
        && range.lessThan.map { number < $0.double } ?? true && range.atMost.map { number <= $0.double } ?? true
    }
  }

  private func equals(_ value: Any?, _ wanted: FilterValue) -> Bool {
    switch wanted {
    case .string(let text): value as? String == text
    case .integer(let number): (value as? NSNumber)?.int64Value == number
    case .real(let number): (value as? NSNumber)?.doubleValue == number
    case .bool: false
    }
  }
}
