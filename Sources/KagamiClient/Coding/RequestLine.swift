import Foundation

/// Requests as lines of bytes, ready to be written.
enum RequestLine {
  /// A request with any parameters.
  ///
  /// - Parameters:
  ///   - id: The call's id.
  ///   - method: The method's name.
  ///   - parameters: What encodes to a JSON object.
  /// - Returns: The line, newline included.
  /// - Throws: `EncodingError` when the parameters have no JSON form, such as a number that is not finite.
  static func bytes(id: Int, method: String, parameters: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    var line = Array(#"{"jsonrpc":"2.0","id":\#(id),"method":"#.utf8)
    line += try encoder.encode(method)
    line += Array(#","params":"#.utf8)
    line += try encoder.encode(parameters)
    line += Array("}\n".utf8)
    return line
  }
}

/// Requests about packed vectors that differ only in their id and vectors: everything else is written once.
package struct VectorRequestTemplate: Sendable {
  private let dimension: Int
  /// What follows the id.
  private let head: [UInt8]
  /// The members that follow the vectors, and the end of the line.
  private let tail: [UInt8]

  /// Prepares requests of one method for vectors of one dimension.
  ///
  /// - Throws: `EncodingError` when the options have no JSON form.
  package init(method: String, dimension: Int, options: some Encodable) throws {
    self.dimension = dimension
    head = Array(#","method":"\#(method)","params":{"vectors":{"b64":""#.utf8)
    let members = try JSONEncoder().encode(options).dropFirst()
    tail = (members.count > 1 ? [UInt8(ascii: ",")] : []) + members + Array("}\n".utf8)
  }

  /// The request with some vectors.
  ///
  /// - Parameters:
  ///   - id: The call's id.
  ///   - vectors: Whole vectors, one after another.
  /// - Returns: The line, newline included.
  /// - Allocates: The line.
  package func line(id: Int, vectors: ArraySlice<Float>) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(Base64Floats.characterCount(of: vectors.count) + head.count + tail.count + 96)
    line += #"{"jsonrpc":"2.0","id":"#.utf8
    line += String(id).utf8
    line += head
    Base64Floats.append(vectors, to: &line)
    line += #"","dtype":"f32le","shape":["#.utf8
    line += String(dimension == 0 ? 0 : vectors.count / dimension).utf8
    line += ",".utf8
    line += String(dimension).utf8
    line += "]}".utf8
    line += tail
    return line
  }
}
