import Foundation
import TestSupport
import VectorIndex

/// A snapshot file in a folder of its own.
struct SnapshotFixture {
  let directory: TemporaryDirectory
  let index: IndexFixture
  static let name = "index.kagami-index"
  var path: String { directory.appending(Self.name) }
  static let workCount = 7
  static let memberCount = 3

  /// The snapshot of an index whose rows have keys, works and members, every tenth of them removed.
  ///
  /// - Parameters:
  ///   - rows: How many rows there are.
  ///   - ballast: Bytes of a further section.
  /// - Throws: `IndexError`, or what making files throws.
  init(rows: Int, ballast: Int = 0) throws {
    directory = try TemporaryDirectory()
    index = try IndexFixture((0..<rows * 2).map { Float($0 + 1) }, dimension: 2, metric: .euclidean)
    let writer = try SnapshotWriter(path: path, catalogue: IndexFixture.catalogue)
    try Self.describe(rows: rows, of: index).write(to: writer)
    if ballast > 0 {
      let bytes = (0..<ballast).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try writer.add("ballast", bytes.span)
    }
    try writer.finish(sequence: 12, rowCount: rows)
  }

  /// The state that the file shall hold.
  static func describe(rows: Int, of index: IndexFixture) throws -> IndexSnapshot {
    var state = IndexSnapshot(metric: .euclidean, rows: index.snapshot.rows)
    try state.growRows(to: rows)
    for row in 0..<rows { append(row, to: &state) }
    for row in stride(from: 0, to: rows, by: 10) { state.remove(Ordinal(UInt32(row))) }
    return state
  }

  static func append(_ row: Int, to state: inout IndexSnapshot) {
    let key = Array("key \(row * 7919 % 10_007) 鏡".utf8)
    state.append(
      key: key.span, work: row % 3 == 0 ? nil : UInt32(row % workCount), member: UInt32(row % memberCount))
  }

  /// Writes bytes over those of the file, without waiting for the disk as a new file would.
  func overwrite(_ bytes: some Collection<UInt8>, at offset: Int = 0) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: Data(bytes))
    try file.close()
  }

  func reader(id: CatalogueID = IndexFixture.catalogue) throws(IndexError) -> SnapshotReader {
    try SnapshotReader(path: path, catalogue: id)
  }

  /// Reads everything that the file has, as an engine does at its start.
  func open() throws(IndexError) -> IndexSnapshot {
    try IndexSnapshot(
      reading: reader(), metric: .euclidean, rows: index.snapshot.rows, memberCount: Self.memberCount,
      workCount: Self.workCount)
  }
}

/// Whether two states say the same of all their rows.
func areSame(_ a: IndexSnapshot, _ b: IndexSnapshot) -> Bool {
  guard a.count == b.count, a.live == b.live, a.liveCount == b.liveCount else { return false }
  return (0..<UInt32(a.count)).allSatisfy { row in
    a.keys[row] == b.keys[row] && a.works[row] == b.works[row] && a.works.group(of: row) == b.works.group(of: row)
      && a.members[row] == b.members[row]
  }
}
