/// An OpenRPC document, and values held against its schemas.
///
/// Knows the part of JSON Schema that the document uses; a keyword that it does not know is an objection, never passed over.
public struct SchemaDocument: Sendable {
  /// The document.
  public let root: JSONTree

  /// Reads a document.
  ///
  /// - Parameter text: JSON.
  /// - Throws: Where it is none.
  public init(_ text: String) throws {
    root = try JSONTree(text)
  }

  /// The names of the methods.
  public var methods: [String] { (root["methods"]?.array ?? []).compactMap { $0["name"]?.string } }

  private func method(_ name: String) -> JSONTree? { root["methods"]?.array?.first { $0["name"]?.string == name } }

  /// What the parameters of a method must be, all together.
  public func parameters(of method: String) -> JSONTree? {
    guard let found = self.method(method) else { return nil }
    let parameters = found["params"]?.array ?? []
    var schema = found["x-params"]?.object ?? [:]
    schema["type"] = .string("object")
    schema["properties"] = .object(
      Dictionary(uniqueKeysWithValues: parameters.map { ($0["name"]?.string ?? "", $0["schema"] ?? .null) }))
    schema["required"] = .array(parameters.filter { $0["required"] == .bool(true) }.compactMap { $0["name"] })
    schema["patternProperties"] = .object(["^_": .bool(true)])
    schema["additionalProperties"] = .bool(false)
    return .object(schema)
  }

  /// What a method answers.
  public func result(of method: String) -> JSONTree? { self.method(method)?["result"]?["schema"] }

  /// What the data of errors is.
  public var errorData: JSONTree { .object(["$ref": .string("#/components/schemas/error_data")]) }

  /// Follows a reference, if it is one.
  public func resolved(_ schema: JSONTree) -> JSONTree {
    guard let place = schema["$ref"]?.string, place.hasPrefix("#/") else { return schema }
    let path = place.dropFirst(2).split(separator: "/").map(String.init)
    return root.value(at: path[...]) ?? .null
  }

  /// Why a value is not what a schema describes; empty if it is.
  ///
  /// - Parameters:
  ///   - value: To look at.
  ///   - schema: What it should be.
  ///   - isStrict: Whether members that are not described are objected to even where later versions may add some.
  /// - Returns: The objections, each with its place.
  public func objections(to value: JSONTree, _ schema: JSONTree, isStrict: Bool = false) -> [String] {
    SchemaCheck(document: self, isStrict: isStrict).objections(to: value, schema, at: "")
  }

  /// Whether a line is what the document says of the answers to a method.
  ///
  /// - Parameters:
  ///   - line: The answer.
  ///   - method: That was asked; nil where the request named none.
  /// - Returns: The objections.
  /// - Throws: Where the line is not JSON.
  public func objections(toAnswer line: String, of method: String?) throws -> [String] {
    let answer = try JSONTree(line)
    if let error = answer["error"] {
      let kinds = root["components"]?["errors"]?.object ?? [:]
      let code = error["data"]?["kind"]?.string.flatMap { kinds[$0]?["code"] }
      return objections(to: error["data"] ?? .null, errorData, isStrict: true)
        + (error["code"] == code ? [] : ["the code is not that of the kind"])
    }
    guard let method, let schema = result(of: method) else { return ["a result of no method"] }
    return objections(to: answer["result"] ?? .null, schema, isStrict: true)
  }
}
