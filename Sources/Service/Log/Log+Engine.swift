import Catalogue
import Foundation
import VectorIndex
import VectorKernels

/// What is said about the engine: how it began, how it goes on, how it ended.
extension Log {
  /// Requests are answered from now on.
  func started(_ engine: Engine, readOnly: Bool, after duration: Duration) {
    write(
      .info, "started",
      [
        ("version", .text(EngineVersion.text)), ("pid", .integer(Int(ProcessInfo.processInfo.processIdentifier))),
        ("catalogue", .text(engine.store.layout.directory)), ("items", .integer(engine.snapshot.liveCount)),
        ("seq", .integer(Int(engine.snapshot.sequence))), ("snapshot", .integer(engine.snapshotNumber ?? 0)),
        ("threads", .integer(engine.workers.width)), ("read_only", .bool(readOnly)),
        ("start_ms", .number((duration / .microseconds(1)).rounded() / 1000)),
      ])
    for trouble in engine.snapshotTroubles { write(.warning, "snapshot_not_used", [("reason", .text(trouble))]) }
    guard BLASLibrary.isReference else { return }
    write(
      .warning, "slow_blas",
      [("blas", .text(BLASLibrary.summary)), ("advice", .text("install libopenblas0-pthread"))])
  }

  /// A snapshot turned out to be damaged while it was in use.
  func damaged(_ engine: Engine) {
    for trouble in engine.snapshotTroubles { write(.warning, "snapshot_set_aside", [("reason", .text(trouble))]) }
  }

  /// A mapped file cannot be read where it could before, and the process is about to end.
  func busError(_ catalogue: String) {
    write(
      .error, "bus_error",
      [
        ("catalogue", .text(catalogue)),
        ("message", .text("a file of the catalogue became shorter while it was in use, or its disk cannot read it")),
        ("advice", .text("run kagami verify, which names the file, and start the engine again")),
      ])
  }

  /// The process ends.
  func stopped(code: Int32, _ statistics: Statistics) {
    let tally = statistics.tally()
    write(
      code == 0 ? .info : .error, "stopped",
      [
        ("code", .integer(Int(code))), ("requests", .integer(tally.requests)), ("errors", .integer(tally.errorCount)),
        ("uptime_ms", .integer(Int(tally.uptime / .milliseconds(1)))), ("log_dropped", .integer(counts.dropped)),
      ])
  }
}
