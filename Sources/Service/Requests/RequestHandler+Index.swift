import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// `index.compact`: the bytes of removed items go, and a new snapshot takes the place of the old one.
  func indexCompact(
    _ request: IndexBuildRequest, _ id: RequestID, _ circumstances: Circumstances, _ encoder: inout AnswerEncoder
  ) throws {
    let hadIndex = engine.snapshotNumber != nil
    let text = try editor.perform(.compact)
    var built: IndexBuild.Report?
    if hadIndex {
      let options = IndexBuild.Options(threads: request.threads ?? engine.workers.width, memory: request.memory)
      built = try editor.lendWriter { writer in
        try IndexBuild(engine, options).run(holding: writer) { _ in
          guard circumstances.isCancelled() else { return }
          throw WireError(.shuttingDown, "the engine was told to stop; rows are compacted, the index is not built yet")
        }
      }
    }
    encoder.beginResult(id)
    encoder.buffer.raw(text.dropLast() + (built.map { ",\"snapshot\":\($0.number)}" } ?? "}"))
    encoder.endResult()
  }

  /// `index.build`: a new snapshot, which is in force when the answer goes out.
  func indexBuild(
    _ request: IndexBuildRequest, _ id: RequestID, _ circumstances: Circumstances, _ encoder: inout AnswerEncoder
  ) throws {
    let options = IndexBuild.Options(threads: request.threads ?? engine.workers.width, memory: request.memory)
    // This process may hold the lock for its edits already, and goes on editing.
    let report = try editor.lendWriter { writer in
      try IndexBuild(engine, options).run(holding: writer) { _ in
        guard circumstances.isCancelled() else { return }
        throw WireError(.shuttingDown, "the engine was told to stop before the index was built; nothing has changed")
      }
    }
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.member("snapshot", report.number)
    encoder.buffer.member("seq", Int(report.sequence))
    encoder.buffer.member("rows", report.rows)
    encoder.buffer.member("bytes", report.byteCount)
    encoder.buffer.name("seconds")
    encoder.buffer.number((report.duration / .milliseconds(1)).rounded() / 1000)
    encoder.buffer.endObject()
    encoder.endResult()
  }
}
