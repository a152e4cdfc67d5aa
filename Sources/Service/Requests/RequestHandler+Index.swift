import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// `index.build`: a new snapshot, which is in force when the answer goes out.
  func indexBuild(
    _ request: IndexBuildRequest, _ id: RequestID, _ circumstances: Circumstances, _ encoder: inout AnswerEncoder
  ) throws {
    guard !isReadOnly else { throw WireError(.readOnly, "the engine was started to read only") }
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
