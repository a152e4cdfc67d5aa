import Catalogue
import Foundation
import VectorIndex

/// Whether any file in force still holds the vectors of a key that was removed.
///
/// Every row that the key ever had is looked for in its place, by the checksum that was recorded when it came: its bytes in the row file,
/// in the journal of the record and in SQLite's log; and its code in the snapshots of the index. Rows that a compaction took away are looked
/// for in journal and log, too. What the record says about the removal itself is kept: it is the proof.
public struct RemovalProof: Sendable {
  /// What became of the key.
  public enum State: String, Sendable {
    /// No file in force holds any of its rows.
    case gone
    /// A file in force holds at least one.
    case held
    /// An item of that key is live.
    case live
    /// No item ever had that key.
    case unknown
  }

  /// One row that the key had.
  public struct Row: Sendable {
    /// Its number over all row files.
    public let ordinal: UInt32
    /// The commit that brought it.
    public let sequence: Int64
    /// The commit that removed or replaced it; nil while it is live.
    public let removedSequence: Int64?
    /// CRC-32C of the row as it was recorded.
    public let checksum: UInt32
    /// The row file in which its place is.
    public let file: String
    /// Which row of that file it is.
    public let slot: Int
    /// Whether the row file holds its bytes.
    public internal(set) var isInRows: Bool
    /// Files of the record that hold its bytes.
    public internal(set) var recordFiles: [String] = []
    /// Snapshots that hold its code.
    public internal(set) var snapshots: [Snapshot] = []
  }

  /// A snapshot that holds the code of a row, or that cannot be read to tell.
  public struct Snapshot: Hashable, Sendable {
    /// Its file.
    public let file: String
    /// Whether engines start from it.
    public let isInForce: Bool
    /// Whether it could be read.
    public let isReadable: Bool
  }

  /// The caller's id.
  public let key: String
  /// The revision that was looked at.
  public let sequence: Int64
  /// Every row of the key that has a place in the row files.
  public let rows: [Row]
  /// Rows of the key that compactions have taken away.
  public let retired: [Retired]

  /// A row that a compaction has taken away.
  public struct Retired: Sendable {
    /// What the record keeps of it.
    public let row: RetiredRow
    /// Files of the record that hold its bytes all the same.
    public let recordFiles: [String]
  }

  /// Looks for the rows of a key.
  ///
  /// - Parameters:
  ///   - path: The catalogue's directory.
  ///   - key: The caller's id.
  /// - Throws: `CatalogueError`.
  /// - Complexity: O(*n*) in the rows of the record, and O(bytes) of its log.
  public init(path: String, key: String) throws {
    let store = try CatalogueStore.open(at: path, access: .readOnly, readerCount: 1)
    self.key = key
    (sequence, rows, retired) = try store.readWithRows { reader, position in
      let history = try reader.history(ofKey: key)
      let gone = try reader.retiredRows(ofKey: key)
      let search = try RemovedRowSearch(store, position)
      let images = try RowImageSearch(
        Set(history.map(\.record.checksum) + gone.map(\.checksum)), store.identity.model.rowLayout)
      let found = try images.files(of: store, reader)
      return (
        position.seq,
        history.map { item in
          var row = search.find(item)
          row.recordFiles = found[row.checksum] ?? []
          return row
        },
        gone.map { Retired(row: $0, recordFiles: found[$0.checksum] ?? []) }
      )
    }
  }

  /// What became of the key.
  public var state: State {
    guard !rows.isEmpty || !retired.isEmpty else { return .unknown }
    if rows.contains(where: { $0.removedSequence == nil }) { return .live }
    let isHeld = rows.contains(where: \.isHeld) || retired.contains { !$0.recordFiles.isEmpty }
    return isHeld ? .held : .gone
  }
}

extension RemovalProof.Row {
  /// Whether a file in force holds the row, or may.
  var isHeld: Bool { isInRows || !recordFiles.isEmpty || snapshots.contains(where: \.isInForce) }
}
