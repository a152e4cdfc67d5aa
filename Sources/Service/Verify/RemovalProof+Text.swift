import Catalogue
import WireProtocol

extension RemovalProof {
  /// What became of the key and of each of its rows, for a person.
  public var lines: [String] {
    let verdict =
      switch state {
      case .gone: "gone: no file in force holds a vector of it"
      case .held: "removed, but not gone"
      case .live: "live"
      case .unknown: "unknown"
      }
    return ["\(key): \(verdict), at revision \(sequence)."] + retired.map(\.line) + rows.map(\.line)
  }

  /// One JSON object.
  public var json: String {
    var out = ByteBuffer()
    out.beginObject()
    out.member("key", key)
    out.member("seq", Int(sequence))
    out.member("state", state.rawValue)
    out.name("gone")
    out.bool(state == .gone)
    out.name("live")
    out.bool(state == .live)
    out.name("rows")
    out.beginArray()
    for row in rows { row.write(to: &out) }
    out.endArray()
    out.name("retired")
    out.beginArray()
    for row in retired { row.write(to: &out) }
    out.endArray()
    out.endObject()
    return String(decoding: out.bytes, as: UTF8.self)
  }
}

extension UInt32 {
  /// A checksum in eight digits, as tools show it.
  fileprivate var eightDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

/// What a person is told of files of the record that hold a row.
private func holding(_ files: [String]) -> [String] {
  files.map { "its bytes are in \($0); compact again when nobody else reads the catalogue" }
}

extension ByteBuffer {
  fileprivate mutating func recordFiles(_ files: [String]) {
    name("in_record_files")
    beginArray()
    for file in files { string(file) }
    endArray()
  }
}

extension RemovalProof.Retired {
  fileprivate var line: String {
    let what =
      "  of revision \(row.seq), removed in \(row.removedSeq), compacted away in \(row.retiredSeq), CRC-32C "
      + row.checksum.eightDigits
    return ([what] + holding(recordFiles)).joined(separator: "; ")
  }

  fileprivate func write(to out: inout ByteBuffer) {
    out.beginObject()
    out.member("seq", Int(row.seq))
    out.member("removed_seq", Int(row.removedSeq))
    out.member("retired_seq", Int(row.retiredSeq))
    out.member("checksum", row.checksum.eightDigits)
    out.recordFiles(recordFiles)
    out.endObject()
  }
}

extension RemovalProof.Row {
  private var checksumText: String { checksum.eightDigits }

  fileprivate var line: String {
    let end = removedSequence.map { "removed in \($0)" } ?? "live"
    let bytes = isInRows ? "its bytes are in \(file), row \(slot)" : "its bytes are not in \(file)"
    let codes = snapshots.map { snapshot in
      (snapshot.isReadable ? "its code is in " : "nobody can tell what is in ") + snapshot.file
        + (snapshot.isInForce ? "" : " (not in force; the next build removes it)")
    }
    let start = "  ordinal \(ordinal), of revision \(sequence), \(end), CRC-32C \(checksumText): "
    let places = [bytes] + holding(recordFiles) + (codes.isEmpty ? ["its code is in no snapshot"] : codes)
    return start + places.joined(separator: "; ")
  }

  fileprivate func write(to out: inout ByteBuffer) {
    out.beginObject()
    out.member("ordinal", Int(ordinal))
    out.member("seq", Int(sequence))
    out.name("removed_seq")
    if let removedSequence { out.number(removedSequence) } else { out.null() }
    out.member("checksum", checksumText)
    out.member("file", file)
    out.member("row", slot)
    out.name("in_rows")
    out.bool(isInRows)
    out.recordFiles(recordFiles)
    out.name("in_snapshots")
    out.beginArray()
    for snapshot in snapshots {
      out.beginObject()
      out.member("file", snapshot.file)
      out.name("in_force")
      out.bool(snapshot.isInForce)
      out.name("readable")
      out.bool(snapshot.isReadable)
      out.endObject()
    }
    out.endArray()
    out.endObject()
  }
}
