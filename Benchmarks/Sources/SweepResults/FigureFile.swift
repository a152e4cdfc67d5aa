import Foundation

/// JSON files with names in snake case.
enum FigureFile {
  static func read<Content: Decodable>(_ type: Content.Type, _ path: String) throws -> Content {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  static func write(_ content: some Encodable, _ path: String) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(content) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path))
  }
}
