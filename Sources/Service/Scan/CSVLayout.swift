import Catalogue
import Evidence
import VectorIndex
import WireProtocol

/// One line a hit, after RFC 4180: a header, CRLF ends lines, fields are quoted where that is needed.
///
/// A row without hits has no line. One that could not be searched for has a line with an error in the last column.
struct CSVLayout: ScanLayout {
  private let context: QueryContext
  private let engine: Engine
  private let columns: ScanColumns
  private let verdicts: UseVerdicts?

  /// Writes hits of a context.
  init(_ context: QueryContext, _ engine: Engine, _ columns: ScanColumns, _ verdicts: UseVerdicts?) {
    (self.context, self.engine, self.columns, self.verdicts) = (context, engine, columns, verdicts)
  }

  private static let permissionColumns = ["permission", "reason", "permission_id"]
  private static let attributeColumns = ["kind", "title", "source", "timecode", "attributes"]

  /// The first line.
  static func header(_ columns: ScanColumns) -> [UInt8] {
    let columns =
      ["file", "row", "query", "rank", "key", "score", "member", "work"]
      + (columns.hasPermission ? permissionColumns : []) + (columns.hasAttributes ? attributeColumns : []) + ["error"]
    return Array((columns.joined(separator: ",") + "\r\n").utf8)
  }

  func write(_ hits: [Neighbor], of row: ScannedRow, to block: ScanBlock) throws {
    let details =
      columns.hasAttributes
      ? try engine.read(for: context.snapshot) { try $0.details(of: hits.lazy.map(\.ordinal)) } : []
    for (rank, hit) in hits.enumerated() {
      begin(row, &block.encoder.buffer)
      write(hit, rank: rank + 1, &block.encoder.buffer)
      if columns.hasPermission { write(verdicts?[hit.ordinal], &block.encoder.buffer) }
      if columns.hasAttributes { write(details[rank]?.record, &block.encoder.buffer) }
      block.encoder.buffer.append(",\r\n")
    }
  }

  func write(refusal: String, of row: ScannedRow, to block: ScanBlock) {
    begin(row, &block.encoder.buffer)
    block.encoder.buffer.append(",,,,,")
    if columns.hasPermission { block.encoder.buffer.append(",,,") }
    if columns.hasAttributes { block.encoder.buffer.append(",,,,,") }
    block.encoder.buffer.append(UInt8(ascii: ","))
    block.encoder.buffer.field(refusal)
    block.encoder.buffer.append("\r\n")
  }

  /// Which row it was: three columns.
  private func begin(_ row: ScannedRow, _ out: inout ByteBuffer) {
    out.field(row.file)
    out.append(UInt8(ascii: ","))
    out.append(text: row.row.description)
    out.append(UInt8(ascii: ","))
    out.field(row.key ?? "")
  }

  /// What was found: five columns.
  private func write(_ hit: Neighbor, rank: Int, _ out: inout ByteBuffer) {
    out.append(UInt8(ascii: ","))
    out.append(text: rank.description)
    out.append(UInt8(ascii: ","))
    context.snapshot.keys.withBytes(of: hit.ordinal) { out.field($0) }
    out.append(UInt8(ascii: ","))
    out.append(text: hit.score == 0 ? "0" : hit.score.description)
    out.append(UInt8(ascii: ","))
    let member = context.snapshot.members[hit.ordinal]
    if member != 0 { context.names.members.withBytes(of: member) { out.field($0) } }
    out.append(UInt8(ascii: ","))
    if let work = context.snapshot.works.group(of: hit.ordinal) {
      context.names.works.withBytes(of: work) { out.field($0) }
    }
  }

  /// Whether its use is permitted: three columns.
  private func write(_ verdict: PermissionVerdict?, _ out: inout ByteBuffer) {
    let fields: [String?] =
      switch verdict {
      case .permitted(let id): ["permitted", nil, id]
      case .notPermitted(let reason, let id): ["not_permitted", reason.rawValue, id]
      case nil: [nil, nil, nil]
      }
    for text in fields {
      out.append(UInt8(ascii: ","))
      out.field(text ?? "")
    }
  }

  /// What is known about it: five columns.
  private func write(_ record: ItemRecord?, _ out: inout ByteBuffer) {
    let timecode =
      switch record?.timecode {
      case .number(let number): number.description
      case .text(let text): text
      case nil: ""
      }
    for text in [record?.kind, record?.title, record?.source, timecode, record?.attributes.map(JSONText.readable)] {
      out.append(UInt8(ascii: ","))
      out.field(text ?? "")
    }
  }
}

extension ByteBuffer {
  /// Writes a field of CSV, in quotes where it has to be.
  fileprivate mutating func field(_ text: String) { field(text.utf8.span) }

  fileprivate mutating func field(_ text: Span<UInt8>) {
    guard text.indices.contains(where: { Self.isSpecial(text[$0]) }) else { return append(text) }
    append(UInt8(ascii: "\""))
    for index in text.indices {
      if text[index] == UInt8(ascii: "\"") { append(UInt8(ascii: "\"")) }
      append(text[index])
    }
    append(UInt8(ascii: "\""))
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 10 || byte == 13
  }
}
