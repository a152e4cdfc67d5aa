import TestSupport
import Testing
import WireProtocol

/// What is described is what the decoders take, name by name and bound by bound.
@Suite struct DescriptionTests {
  /// The protocol's own limits, and others that are quickly passed.
  enum Bounds: CaseIterable, CustomTestStringConvertible {
    case usual, small

    var limits: Limits {
      var limits = Limits()
      guard self == .small else { return limits }
      (limits.dimension, limits.vectors, limits.k, limits.hits, limits.keys, limits.nameBytes) = (6, 3, 7, 31, 5, 11)
      return limits
    }

    var testDescription: String { self == .usual ? "usual limits" : "small limits" }
  }

  static func document(_ bounds: Bounds) throws -> SchemaDocument {
    try SchemaDocument(ProtocolDescription(limits: bounds.limits, version: "0").text)
  }

  private static func refusal(_ method: String, _ params: JSONTree, _ bounds: Bounds) throws -> JSONTree? {
    try Wire.refusal(Array(Wire.line(method, params.text).utf8), limits: bounds.limits).map { try JSONTree($0) }?[
      "error"]
  }

  /// Parameters that the decoder takes, of every method.
  private static func accepted(_ method: String, _ bounds: Bounds, _ document: SchemaDocument) throws -> [JSONTree] {
    let schema = try #require(document.parameters(of: method))
    var values = SchemaInstances(document).of(schema)
    if method == "items.upsert" {
      // Every item has a vector: its own, or one of those beside the items.
      let item = JSONTree.object(["key": .string("a")])
      values = values.map { value in
        if let vectors = value["vectors"] {
          return .object([
            "items": .array(.init(repeating: item, count: vectors.array?.count ?? 1)), "vectors": vectors,
          ])
        }
        let items = (value["items"]?.array ?? []).map {
          $0["vector"] == nil ? $0.replacing(["vector"], with: .array([.number(0.5)])) : $0
        }
        return value.replacing(["items"], with: .array(items))
      }
    }
    return try values.filter { try refusal(method, $0, bounds) == nil }
  }

  @Test(arguments: Bounds.allCases, Method.allCases)
  func everythingDescribedIsTaken(_ bounds: Bounds, _ method: WireProtocol.Method) throws {
    let document = try Self.document(bounds)
    let schema = try #require(document.parameters(of: method.rawValue))
    let accepted = try Self.accepted(method.rawValue, bounds, document)
    for (name, property) in schema["properties"]?.object ?? [:] {
      let taken = Set(accepted.compactMap { $0[name] })
      var described = Set(SchemaInstances(document).of(property))
      // These were given the vectors that they need.
      if method == .itemsUpsert, name == "items" { described = [] }
      #expect(!taken.isEmpty, "\(method.rawValue) \(name) is never taken")
      for value in described.subtracting(taken) {
        Issue.record("\(method.rawValue) refuses \(name) \(value.text.prefix(200))")
      }
    }
  }

  @Test(arguments: Method.allCases)
  func nothingElseIsTaken(_ method: WireProtocol.Method) throws {
    let bounds = Bounds.small
    let document = try Self.document(bounds)
    let schema = try #require(document.parameters(of: method.rawValue))
    let universe = Set(
      Method.allCases.flatMap { document.parameters(of: $0.rawValue)?["properties"]?.object?.keys.map { $0 } ?? [] })
    let unknown = "0unknownunknownunknown"
    var seen: Set<String> = []
    for value in try Self.accepted(method.rawValue, bounds, document) {
      for (path, schema) in document.closedObjects(in: value, schema) {
        let names = Set(schema["properties"]?.object?.keys.map { $0 } ?? [])
        // One object of each kind at each place, and one of each set of members.
        let members = value.value(at: path[...])?.object?.keys.sorted().joined(separator: ",") ?? ""
        guard seen.insert("\(path.map { Int($0) == nil ? $0 : "0" }) \(members)").inserted else { continue }
        func refusal(adding name: String) throws -> JSONTree? {
          try Self.refusal(method.rawValue, value.replacing((path + [name])[...], with: .integer(0)), bounds)
        }
        let error = try #require(try refusal(adding: unknown))
        let place = (["/params"] + path + [unknown]).joined(separator: "/")
        #expect(error["data"]?["pointer"]?.string == place)
        #expect(Self.advertised(error) == names, "\(method.rawValue) \(path)")
        #expect(try refusal(adding: "_own") == nil)
        for name in universe.subtracting(names) {
          #expect(try refusal(adding: name) != nil, "\(method.rawValue) \(name)")
        }
        for case .string(let name) in schema["required"]?.array ?? [] {
          let error = try Self.refusal(method.rawValue, value.replacing((path + [name])[...], with: nil), bounds)
          #expect(
            error?["data"]?["pointer"]?.string?.hasPrefix("/params") == true, "\(method.rawValue) without \(name)")
        }
      }
    }
    #expect(!seen.isEmpty)
  }

  /// The names that a refusal says are known.
  private static func advertised(_ error: JSONTree) -> Set<String>? {
    let message = error["message"]?.string ?? ""
    if message == "unknown parameter; there are none" { return [] }
    guard let start = message.range(of: "unknown parameter; known are ") else { return nil }
    return Set(message[start.upperBound...].split(separator: ",").map { String($0.drop { $0 == " " }) })
  }

  /// Whatever the decoder takes, the schema allows: values of every type, and those just beyond every bound, at every place.
  @Test(arguments: Method.allCases)
  func whatIsTakenIsDescribed(_ method: WireProtocol.Method) throws {
    let bounds = Bounds.small
    let document = try Self.document(bounds)
    let schema = try #require(document.parameters(of: method.rawValue))
    let limits = bounds.limits
    let numbers = [0, -1, 1, 2, limits.k + 1, limits.hits + 1, 101, 1025, 1 << 20 - 1, 86_400_001, 1 << 53]
    var pool: [JSONTree] = numbers.map(JSONTree.integer)
    pool += [
      .null, .bool(true), .bool(false), .number(1.5), .number(-0.5), .string(""), .string("zz"), .string("f32le"),
    ]
    pool += [128, 1024, 4096].map { .string(String(repeating: "a", count: $0 + 1)) }
    pool += [.array([]), .array([.integer(1)]), .array([.string("a")]), .object([:]), .object(["zz": .integer(1)])]
    pool += [
      [JSONTree](repeating: .string("a"), count: limits.keys + 1),
      [JSONTree](repeating: .number(1), count: limits.dimension + 1),
    ]
    .filter { $0.count < 20_000 }.map(JSONTree.array)
    var taken = 0
    var seen: Set<[String]> = []
    for value in try Self.accepted(method.rawValue, bounds, document) where value.text.utf8.count < 2000 {
      for path in Self.paths(in: value) where seen.insert(path + [value.object?.keys.sorted().joined() ?? ""]).inserted
      {
        for other in pool {
          let changed = value.replacing(path[...], with: other)
          guard try Self.refusal(method.rawValue, changed, bounds) == nil else { continue }
          taken += 1
          let objections = document.objections(to: changed, schema)
          #expect(objections.isEmpty, "\(method.rawValue) \(changed.text.prefix(300)): \(objections)")
        }
      }
    }
    #expect(taken > 0 || (schema["properties"]?.object?.isEmpty ?? true))
  }

  private static func paths(in value: JSONTree, _ path: [String] = []) -> [[String]] {
    switch value {
    case .object(let members): members.flatMap { [path + [$0.key]] + paths(in: $0.value, path + [$0.key]) }
    case .array(let elements): elements.prefix(2).enumerated().flatMap { paths(in: $1, path + ["\($0)"]) }
    default: []
    }
  }

  @Test func theDocumentIsWhole() throws {
    let document = try Self.document(.usual)
    #expect(document.methods == Method.allCases.map(\.rawValue))
    let text = ProtocolDescription(version: "0").text
    #expect(text.utf8.count < 60 << 10, "longer than what Python's asyncio reads as a line")
    for reference in text.matches(of: /"\$ref":"([^"]+)"/) {
      #expect(document.resolved(.object(["$ref": .string(String(reference.1))])) != .null, "\(reference.1)")
    }
    let errors = try #require(document.root["components"]?["errors"]?.object)
    #expect(Set(errors.keys) == Set(WireError.Kind.allCases.map(\.rawValue)))
    for kind in WireError.Kind.allCases { #expect(errors[kind.rawValue]?["code"]?.integer == kind.code) }
  }
}
