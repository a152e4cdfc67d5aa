import Catalogue
import TestSupport
import Testing

@Suite struct FilterTests {
  static let names = [
    "a", "a.b", "a[0]", "$", "$.a", "\"", "it's", "a\"b", "", " ", "key", "\u{e9}", "e\u{301}", "\u{1F600}", "日本", "\\",
    "%_",
    "a\nb", "1", "?1", ":list",
  ]
  static let texts = [
    "", "x", "X", "1", "true", "null", "it's", "a\"b", "\u{e9}", "e\u{301}", "\u{1F600}", "\\u0041", "[1]", "日本",
  ]
  static let integers: [Int64] = [
    0, 1, -1, 2, 17, 1 << 53, (1 << 53) + 1, (1 << 53) - 1, -(1 << 53) - 1, .max, .max - 1, .min, .min + 1,
    1_234_567_890_123_456_789,
  ]
  static let reals: [Double] = [0.5, 1.0, -1.0, 1e300, 17.25, 0x1p53, 0x1p63, -0x1p63, 1e18, 0.1, -0.0]

  private func value(_ generator: inout SeededGenerator, depth: Int = 0) -> JSONValue {
    switch Int.random(in: 0..<(depth < 2 ? 9 : 6), using: &generator) {
    case 0: .null
    case 1: .bool(.random(using: &generator))
    case 2: .integer(FilterTests.integers.randomElement(using: &generator) ?? 0)
    case 3: .real(FilterTests.reals.randomElement(using: &generator) ?? 0)
    case 4, 5: .string(FilterTests.texts.randomElement(using: &generator) ?? "")
    case 6, 7:
      .array((0..<Int.random(in: 0..<4, using: &generator)).map { _ in value(&generator, depth: depth + 1) })
    default: .object([("a", value(&generator, depth: depth + 1))])
    }
  }

  private func item(_ number: Int, _ generator: inout SeededGenerator) -> FilterOracle {
    func maybe(_ texts: [String]) -> String? {
      Bool.random(using: &generator) ? texts.randomElement(using: &generator) : nil
    }
    var attributes: [(String, JSONValue)]?
    if Int.random(in: 0..<8, using: &generator) > 0 {
      let names = FilterTests.names.shuffled(using: &generator).prefix(Int.random(in: 0..<9, using: &generator))
      attributes = names.map { ($0, value(&generator)) }
    }
    let timecodes: [Timecode?] = [nil, .number(1), .number(0.25), .number(17), .text("1"), .text("x")]
    let record = ItemRecord(
      key: number < FilterTests.texts.count - 1 ? FilterTests.texts[number + 1] : "key \(number)",
      member: maybe(FilterTests.texts), work: maybe(FilterTests.texts), kind: maybe(FilterTests.texts),
      title: maybe(FilterTests.texts), source: maybe(FilterTests.texts),
      timecode: timecodes.randomElement(using: &generator) ?? nil,
      attributes: attributes.map { JSONValue.object($0).text(&generator) }, checksum: 0)
    return FilterOracle(record: record, attributes: attributes)
  }

  private func condition(_ generator: inout SeededGenerator) -> Condition {
    func scalar() -> Scalar {
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: .bool(.random(using: &generator))
      case 2: .real(FilterTests.reals.randomElement(using: &generator) ?? 0)
      case 1: .integer(FilterTests.integers.randomElement(using: &generator) ?? 0)
      default: .string(FilterTests.texts.randomElement(using: &generator) ?? "")
      }
    }
    func bound() -> Number? {
      if Int.random(in: 0..<3, using: &generator) > 0 { return nil }
      if Bool.random(using: &generator) {
        return FilterTests.integers.randomElement(using: &generator).map(Number.integer)
      }
      return FilterTests.reals.randomElement(using: &generator).map(Number.real)
    }
    let scalars = (0..<Int.random(in: 0..<4, using: &generator)).map { _ in scalar() }
    let test: Condition.Test =
      switch Int.random(in: 0..<7, using: &generator) {
      case 0, 1: .any(scalars)
      case 2, 3: .except(scalars)
      case 4: .range(.init(greaterThan: bound(), atLeast: bound(), lessThan: bound(), atMost: bound()))
      case 5: .isEmpty
      default: .exists
      }
    let columns: [Condition.Field] = [.key, .member, .work, .kind, .title, .source, .timecode]
    let name = FilterTests.names.randomElement(using: &generator) ?? ""
    return Condition(
      Bool.random(using: &generator) ? .attribute(name) : columns.randomElement(using: &generator) ?? .key, test)
  }

  @Test(arguments: [11, 12, 13, 14] as [UInt64])
  func `Conditions mean the same in SQL and in Swift`(seed: UInt64) throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    var generator = SeededGenerator(seed: seed)
    let items = (0..<250).map { item($0, &generator) }
    let writer = try store.makeWriter()
    try writer.commit(items.prefix(100).map(\.record))
    try writer.commit(items.dropFirst(100).map(\.record))
    _ = try writer.remove(["key 40", "key 41", "key 200"])
    var matches = 0
    try store.read { reader in
      for _ in 0..<300 {
        let condition = condition(&generator)
        let since = Bool.random(using: &generator) ? 1 : 0
        var found: [UInt32] = []
        try reader.forEachOrdinal(matching: condition, since: Int64(since)) { found.append($0) }
        let expected = (since * 100..<items.count).filter { items[$0].matches(condition) }.map(UInt32.init)
        #expect(found.sorted() == expected, "seed \(seed): \(condition)")
        matches += found.count
      }
    }
    #expect(matches > 1000, "the conditions are worth asking")
  }

  @Test func `A list of values may be long`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    try store.makeWriter().commit((0..<100).map { ItemRecord(key: "\($0)", attributes: "{\"n\":\($0)}", checksum: 0) })
    let keys = (50..<100_000).map { Scalar.string("\($0)") }
    let numbers = (50..<100_000).map { Scalar.integer($0) }
    try store.read { reader in
      for condition in [Condition(.key, .any(keys)), Condition(.attribute("n"), .any(numbers))] {
        var found: Set<UInt32> = []
        try reader.forEachOrdinal(matching: condition) { found.insert($0) }
        #expect(found == Set(50..<100))
      }
    }
  }

  @Test(arguments: [
    Condition(.attribute("a\0"), .exists), Condition(.attribute("a"), .any([.string("x\0")])),
    Condition(.key, .any([.string("k\0")])), Condition(.key, .any([])),
    Condition(.kind, .range(.init(atLeast: .real(.nan)))),
    Condition(.attribute("n"), .range(.init(greaterThan: .real(.nan)))),
    Condition(.attribute("n"), .range(.init(greaterThan: .real(.infinity)))),
    Condition(.attribute("n"), .any([.real(.nan)])),
  ])
  func `Nothing has values that cannot be stored`(condition: Condition) throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    try store.makeWriter().commit([ItemRecord(key: "k", kind: "a", attributes: #"{"a":"x","n":1}"#, checksum: 0)])
    var found = 0
    try store.read { try $0.forEachOrdinal(matching: condition) { _ in found += 1 } }
    #expect(found == 0)
  }

  @Test func `Conditions are told apart by the bytes of their texts`() {
    #expect(Scalar.string("\u{e9}") != Scalar.string("e\u{301}"))
    #expect(Condition.Field.attribute("\u{e9}") != .attribute("e\u{301}"))
    #expect(Condition.Field.attribute("key") != .key)
    #expect(Condition(.member, .any([.string("a")])) == Condition(.member, .any([.string("a")])))
    #expect(Scalar.integer(1) != .bool(true) && Scalar.integer(1) != .string("1"))
  }
}
