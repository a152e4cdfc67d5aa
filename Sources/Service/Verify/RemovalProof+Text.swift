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

extension RetiredRow {
  fileprivate var line: String {
    "  of revision \(seq), removed in \(removedSeq), compacted away in \(retiredSeq), CRC-32C \(checksum.eightDigits)"
  }

  fileprivate func write(to out: inout ByteBuffer) {
    out.beginObject()
    out.member("seq", Int(seq))
    out.member("removed_seq", Int(removedSeq))
    out.member("retired_seq", Int(retiredSeq))
    out.member("checksum", checksum.eightDigits)
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
    return "  ordinal \(ordinal), of revision \(sequence), \(end), CRC-32C \(checksumText): "
      + ([bytes] + (codes.isEmpty ? ["its code is in no snapshot"] : codes)).joined(separator: "; ")
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
