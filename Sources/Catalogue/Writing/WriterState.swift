import GRDB

/// What the writer remembers between transactions, so that it need not ask SQLite for every item.
///
/// A transaction works on a copy, which takes the place of the original with the commit.
struct WriterState {
  var seq: Int64
  var generation: Int64
  var nextOrdinal: UInt32
  var nextMember: Int64
  var nextWork: Int64
  var nextPermission: Int64
  var nextRevocation: Int64
  /// Rows that the journal holds.
  var journaledRows: Int
  /// When the last permission or revocation was recorded: milliseconds since 1970, UTC.
  var lastRecording: Int64
  /// Numbers of members by id, as far as they were needed.
  var members: [ExactText: Int64] = [:]
  /// Numbers of works, as far as they were needed.
  var works: [WorkName: Int64] = [:]
  /// Why nothing more may be written.
  var failure: CatalogueError?

  /// A work's id within its member, 0 for none.
  struct WorkName: Hashable {
    var member: Int64
    var id: ExactText
  }

  /// Numbers remembered at most, of members and of works; some 20 MB.
  static let rememberedNames = 200_000

  /// Forgets the names, of which some mean something else now.
  mutating func forgetNames() {
    members.removeAll(keepingCapacity: true)
    works.removeAll(keepingCapacity: true)
  }

  init(_ reader: CatalogueReader) throws {
    seq = try reader.seq()
    generation = try reader.generation()
    nextOrdinal = try reader.rowCount()
    nextMember = try reader.nextNumber(of: "member")
    nextWork = try reader.nextNumber(of: "work")
    nextPermission = try reader.nextNumber(of: "permission")
    nextRevocation = try reader.nextNumber(of: "revocation")
    journaledRows = try Int(Schema.number("SELECT count(*) FROM row_journal", in: reader.db))
    // Both are recorded in the order of their numbers.
    let last = ["permission", "revocation"].map { "SELECT recorded_at FROM \($0) ORDER BY number DESC LIMIT 1" }
    lastRecording = try last.map { try Schema.number($0, in: reader.db) }.max() ?? 0
  }
}

extension CatalogueReader {
  /// The number that the next row of a table gets: they count from 1.
  fileprivate func nextNumber(of table: String) throws -> Int64 {
    let last = try Schema.number("SELECT max(number) FROM \(table)", in: db)
    guard last >= 0, last < .max else {
      throw CatalogueError.damaged(file: file, reason: "a row of table \(table) has the number \(last)")
    }
    return last + 1
  }
}
