import Foundation
import VectorIndex

/// Makes lasting what was linked since the snapshot in force, so that the next start need not link it again.
///
/// Writes the graph of the moment as it is into a new snapshot, which takes seconds where a build takes minutes. Only the process that
/// edits does so, in the background, and only when enough has come together.
final class Checkpoint: @unchecked Sendable {
  private let engine: Engine
  private let editor: Editor
  private let lock = NSLock()
  // Guarded by `lock`.
  private var isRunning = false

  /// Linked rows that are worth a snapshot.
  private static let worthwhile = 10_000
  /// Of a larger index, this share of its rows.
  private static let share = 0.1

  init(_ engine: Engine, _ editor: Editor) {
    (self.engine, self.editor) = (engine, editor)
  }

  /// Writes a snapshot on a thread of its own, if that is worth it.
  func writeIfDue() {
    guard editor.holdsLock, isDue,
      lock.withLock({ () -> Bool in
        defer { isRunning = true }
        return !isRunning
      })
    else { return }
    let thread = Thread { [self] in
      // Whatever is in the way is in the way of nothing else: rows are durable, and linked again at the next start.
      _ = try? write()
      lock.withLock { isRunning = false }
    }
    thread.name = "checkpoint"
    thread.stackSize = 4 << 20
    thread.start()
  }

  /// Writes a snapshot with the graph of the moment.
  ///
  /// - Returns: What was written.
  /// - Throws: `conflict` while an index is being built, `CatalogueError` or `IndexError`; nothing has changed then.
  @discardableResult
  func write() throws -> IndexBuild.Report {
    try editor.lendWriter { writer in
      try IndexBuild(engine, .init(), graphStage: { state, _, file, _ in try state.graph?.write(to: file) })
        .run(holding: writer) { _ in }
    }
  }

  private var isDue: Bool {
    guard let linked = engine.snapshot.graph?.count else { return false }
    return linked - engine.snapshotRows >= max(Self.worthwhile, Int(Self.share * Double(linked)))
  }
}
