import Catalogue
import VectorIndex

/// The names behind the numbers that rows carry: which member, which work.
///
/// A value with copy on write. Numbers are given once and never change, so that a table that knows more than a snapshot is right for it.
struct NameTable: Sendable {
  /// The member of number 0 and the work of number 0 do not exist; the columns begin with an empty name.
  private(set) var members = KeyColumn()
  private(set) var works = KeyColumn()
  private var owners = ChunkedColumn<UInt32>()

  init() {
    members.append("")
    works.append("")
    owners.append(0)
  }

  /// The names that a snapshot file holds.
  ///
  /// - Throws: `IndexError.damaged`, naming the section.
  init(reading reader: SnapshotReader) throws(IndexError) {
    members = try KeyColumn(reader, named: "members")
    works = try KeyColumn(reader, named: "works")
    let owners = try reader.section("works.members", of: UInt32.self, count: works.count)
    let counts = 1...Int(Int32.max)
    guard counts.contains(members.count) else { throw reader.damage("members.ends", "has an impossible length") }
    guard counts.contains(works.count) else { throw reader.damage("works.ends", "has an impossible length") }
    guard owners.isBelow(members.count) else {
      throw reader.damage("works.members", "names a member that does not exist")
    }
    self.owners = ChunkedColumn(owners)
  }

  /// Writes the names as sections of a snapshot file.
  ///
  /// - Throws: `IndexError`.
  func write(to writer: SnapshotWriter) throws(IndexError) {
    try members.write(to: writer, as: "members")
    try works.write(to: writer, as: "works")
    try owners.write(to: writer, as: "works.members")
  }

  /// The number of the member that a work belongs to.
  func owner(ofWork work: UInt32) -> UInt32 { owners[work] }

  /// Learns the members and works that came since.
  ///
  /// - Throws: `CatalogueError`, also where numbers are not dense, which only damage can bring about.
  mutating func update(from reader: CatalogueReader, file: String) throws {
    try reader.forEachMember(after: UInt32(members.count - 1)) { number, id in
      guard Int(number) == members.count else { throw Self.gap("member", number, file) }
      members.append(id.utf8.span)
    }
    try reader.forEachWork(after: UInt32(works.count - 1)) { work in
      guard Int(work.number) == works.count, Int(work.member) < members.count else {
        throw Self.gap("work", work.number, file)
      }
      works.append(work.id.utf8.span)
      owners.append(work.member)
    }
  }

  private static func gap(_ table: String, _ number: UInt32, _ file: String) -> CatalogueError {
    .damaged(file: file, reason: "the numbers of table \(table) have a gap before \(number)")
  }
}
