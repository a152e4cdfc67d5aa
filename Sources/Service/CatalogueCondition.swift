import Catalogue
import Foundation
import VectorIndex
import WireProtocol

/// What a catalogue carries about beside its items: who writes to it, what waits to be tidied up, what the record rests on.
struct CatalogueCondition: Sendable {
  /// Who has the lock.
  enum Writer: Hashable, Sendable {
    /// Nobody.
    case nobody
    /// Some process.
    case process(LockHolder)
    /// The lock file may not be looked at.
    case unknown
  }

  let writer: Writer
  /// Bytes of commits in SQLite's log that are not yet in its file.
  let logBytes: Int
  /// Rows that were removed or replaced.
  let removedRows: Int
  /// Bytes of the row files that those rows take.
  let reclaimableBytes: Int
  /// Rows that came since the snapshot of the index; all of them where there is none.
  let uncoveredRows: Int

  /// Looks at the files.
  ///
  /// - Parameters:
  ///   - store: The open catalogue.
  ///   - rows: Rows that were ever committed.
  ///   - live: Items that are live.
  ///   - covered: Rows that the snapshot in use is about, 0 for none.
  init(_ store: CatalogueStore, rows: Int, live: Int, covered: Int) {
    do {
      writer = try store.lockHolder().map(Writer.process) ?? .nobody
    } catch {
      writer = .unknown
    }
    let log = try? FileManager.default.attributesOfItem(atPath: store.layout.log)
    logBytes = (log?[.size] as? NSNumber)?.intValue ?? 0
    removedRows = max(0, rows - live)
    // A row's stride, and the norm beside it.
    reclaimableBytes = removedRows * (store.identity.model.rowLayout.stride + MemoryLayout<Float>.stride)
    uncoveredRows = max(0, rows - covered)
  }
}

extension CatalogueCondition {
  /// The writer, for a person.
  var writerText: String {
    switch writer {
    case .nobody: "nobody writes"
    case .unknown: "unknown; LOCK may not be read"
    case .process(let holder):
      (holder.pid.map { "process \($0)" } ?? "a process that did not say its number")
        + (holder.since.map { ", since \($0)" } ?? "")
    }
  }

  /// Appends the members of an object.
  func write(to out: inout ByteBuffer) {
    out.member("uncovered_rows", uncoveredRows)
    out.member("removed_rows", removedRows)
    out.member("reclaimable_bytes", reclaimableBytes)
    out.member("wal_bytes", logBytes)
    out.name("writer")
    switch writer {
    case .nobody: out.null()
    case .unknown: out.string("unknown")
    case .process(let holder):
      out.beginObject()
      out.name("pid")
      if let pid = holder.pid { out.number(Int(pid)) } else { out.null() }
      out.member("since", holder.since)
      out.endObject()
    }
  }
}
