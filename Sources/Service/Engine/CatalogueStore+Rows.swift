import Catalogue
import Foundation
import VectorIndex

extension CatalogueStore {
  /// The catalogue's id as row files and snapshots of a generation carry it, so that those of another generation are refused.
  ///
  /// - Parameter generation: How often it was compacted.
  /// - Returns: Sixteen bytes.
  /// - Throws: `CatalogueError.damaged` where the id is not a UUID.
  func rowFileID(generation: Int64) throws(CatalogueError) -> CatalogueID {
    guard let uuid = UUID(uuidString: identity.id) else {
      throw .damaged(file: layout.database, reason: "its id is not a UUID")
    }
    let b = uuid.uuid
    var bytes = [b.0, b.1, b.2, b.3, b.4, b.5, b.6, b.7, b.8, b.9, b.10, b.11, b.12, b.13, b.14, b.15]
    let generation = UInt64(bitPattern: generation)
    for place in 0..<8 { bytes[8 + place] ^= UInt8(truncatingIfNeeded: generation >> UInt64(8 * place)) }
    return CatalogueID(bytes: bytes)
  }

  /// Opens the rows of a state of the record.
  ///
  /// - Parameters:
  ///   - position: The state.
  ///   - count: How many of its rows; all unless given.
  /// - Returns: The rows.
  /// - Throws: `IndexError`, naming the file that is missing, damaged, too short or newer; `CatalogueError`.
  func openRows(at position: CataloguePosition, count: Int? = nil) throws -> RowStore {
    try RowStore(
      directory: layout.rows(generation: position.generation), layout: identity.model.rowLayout,
      catalogue: rowFileID(generation: position.generation), count: count ?? Int(position.rowCount))
  }

  /// Prepares to append after the rows of a state of the record, for whoever holds the lock.
  func appender(at position: CataloguePosition) throws -> RowAppender {
    RowAppender(
      directory: layout.rows(generation: position.generation), layout: identity.model.rowLayout,
      catalogue: try rowFileID(generation: position.generation), count: Int(position.rowCount))
  }

  /// Reads the record, and the files that belong to the state that it shows.
  ///
  /// A compaction of another process takes the row files of its generation away as soon as it is committed; whoever opens them just then finds
  /// them missing, and begins anew with what took their place.
  ///
  /// - Parameter body: May be run again from its beginning.
  /// - Returns: What `body` returned.
  /// - Throws: `CatalogueError`, or what `body` throws.
  func readWithRows<Value>(_ body: (CatalogueReader, CataloguePosition) throws -> Value) throws -> Value {
    try readingRows { try read { try body($0, try $0.position()) } }
  }

  /// Does something that reads row files, again where they were those of a generation that a compaction ended meanwhile.
  ///
  /// - Parameter body: May be run again from its beginning.
  /// - Returns: What `body` returned.
  /// - Throws: What `body` throws.
  func readingRows<Value>(_ body: () throws -> Value) throws -> Value {
    var attempts = 8
    while true {
      let generation = try read { try $0.generation() }
      do {
        return try body()
      } catch {
        attempts -= 1
        guard attempts > 0, let now = try? read({ try $0.generation() }), now != generation else { throw error }
      }
    }
  }
}
