import Catalogue
import Synchronization
import WireProtocol

/// Writes to the catalogue for all requests of an engine.
///
/// - Concurrency: Any thread may edit; transactions run one after the other.
package final class Editor: Sendable {
  private let engine: Engine
  private let isReadOnly: Bool
  private let writer = Mutex<CatalogueWriter?>(nil)

  /// An editor that has taken no lock yet.
  package init(_ engine: Engine, isReadOnly: Bool) {
    self.engine = engine
    self.isReadOnly = isReadOnly
  }

  /// Does everything that `body` asks for as one commit, durable and visible to searches on return.
  ///
  /// The catalogue's lock is taken by the first edit and kept.
  ///
  /// - Throws: `read_only`, `CatalogueError`, or what `body` throws; nothing has changed then.
  package func perform<Value>(
    _ body: (CatalogueTransaction) throws -> Value
  ) throws -> (value: Value, commit: Commit) {
    guard !isReadOnly else { throw WireError(.readOnly, "the engine was started to read only") }
    let writer = try writer.withLock { writer in
      let open = try writer ?? CatalogueStore.open(at: engine.store.layout.directory, access: .readWrite).makeWriter()
      writer = open
      return open
    }
    let result = try writer.transaction(body)
    try engine.refresh()
    return result
  }
}
