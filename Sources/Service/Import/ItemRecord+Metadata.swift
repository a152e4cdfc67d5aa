import Catalogue
import VectorFiles

extension ItemRecord {
  /// What a file says about an item, with the checksum of its row.
  init(_ item: ItemMetadata, checksum: UInt32) {
    let timecode: Catalogue.Timecode? =
      switch item.timecode {
      case .number(let seconds): .number(seconds)
      case .text(let text): .text(text)
      case nil: nil
      }
    self.init(
      key: item.key ?? "", member: item.member, work: item.work, kind: item.kind, title: item.title,
      source: item.source,
      timecode: timecode, attributes: item.attributes, checksum: checksum)
  }

  /// Whether both say the same byte for byte; `==` also takes accents that are composed in different ways for the same.
  func isIdentical(to other: ItemRecord) -> Bool {
    self == other && zip(texts, other.texts).allSatisfy { ($0 ?? "").utf8.elementsEqual(($1 ?? "").utf8) }
  }

  private var texts: [String?] {
    guard case .text(let timecode) = timecode else { return [key, member, work, kind, title, source, attributes] }
    return [key, member, work, kind, title, source, attributes, timecode]
  }
}
