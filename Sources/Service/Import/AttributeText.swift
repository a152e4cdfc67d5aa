import VectorFiles
import WireProtocol

/// Attributes as the text of one JSON object, the form in which they are stored and shown.
enum AttributeText {
  /// Adds whole numbers to an object.
  ///
  /// - Parameters:
  ///   - numbers: Names and values.
  ///   - text: A JSON object, or nil for an empty one.
  ///   - row: Whose attributes they are, for the message.
  /// - Returns: The text of the larger object.
  /// - Throws: `RefusedRow` where the object has one of the names already.
  static func adding(_ numbers: [(name: String, value: Int64)], to text: String?, row: Int) throws(RefusedRow) -> String
  {
    var members = numbers.map { "\(quoted($0.name)):\($0.value)" }
    if let text, let body = body(of: text) {
      for (name, _) in numbers where names(in: text).contains(name) {
        throw RefusedRow(row: row, offset: 0, reason: "has an attribute \(name) already, which --label would add")
      }
      members.insert(body, at: 0)
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  private static func quoted(_ name: String) -> String {
    var buffer = ByteBuffer(capacity: 64)
    buffer.string(name)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  /// The names of an object's members; what is stored was checked when it was read.
  private static func names(in object: String) -> [String] {
    (try? JSONText.memberNames(of: object)) ?? []
  }

  /// What stands between the braces; nil for an empty object.
  static func body(of object: String) -> String? {
    let body = object.drop { $0 != "{" }.dropFirst()
    guard let end = body.lastIndex(of: "}"), body[..<end].contains(where: { !$0.isWhitespace }) else { return nil }
    return String(body[..<end])
  }
}
