import Catalogue
import VectorFiles
import WireProtocol

/// The line of JSON that an import reads as an item's metadata.
enum MetadataLine {
  /// Appends the line of an item, its end included.
  ///
  /// - Parameters:
  ///   - item: What the record says.
  ///   - out: Gets the line.
  /// - Throws: ``ExportError/inexpressible(key:reason:)``.
  static func write(_ item: ItemRecord, to out: inout ByteBuffer) throws {
    if item.work != nil, item.member == nil {
      throw ExportError.inexpressible(key: item.key, reason: "has a work without a member")
    }
    out.beginObject()
    let texts: [(StaticString, String?)] = [
      ("key", item.key), ("member", item.member), ("work", item.work), ("title", item.title), ("kind", item.kind),
      ("source", item.source),
    ]
    for (name, value) in texts {
      guard let value else { continue }
      out.name(name)
      out.string(value)
    }
    switch item.timecode {
    case .number(let number):
      out.name("timecode")
      out.number(number)
    case .text(let text):
      out.name("timecode")
      out.string(text)
    case nil: break
    }
    if let attributes = attributes(of: item) { out.stored(attributes) }
    out.endObject()
    out.append(UInt8(ascii: "\n"))
  }

  /// The members of the attributes, to stand beside the fields, or within an object where one has the name of a field; nil for none.
  private static func attributes(of item: ItemRecord) -> String? {
    guard let text = item.attributes, let body = AttributeText.body(of: text) else { return nil }
    // Between tokens a line's end is mere space, and within a string JSON does not allow it.
    let line =
      body.utf8.contains(where: { $0 == 10 || $0 == 13 })
      ? String(decoding: body.utf8.map { $0 == 10 || $0 == 13 ? 32 : $0 }, as: UTF8.self) : body
    let names = (try? JSONText.memberNames(of: text)) ?? []
    let fields = ItemMetadata.reservedNames + ["attributes", "vector"]
    return names.contains(where: fields.contains) ? "\"attributes\":{\(line)}" : line
  }
}
