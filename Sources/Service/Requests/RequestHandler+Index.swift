import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// `index.compact`: the bytes of removed items go, and a new snapshot takes the place of the old one.
  func indexCompact(
    _ request: IndexBuildRequest, _ id: RequestID, _ circumstances: Circumstances, _ encoder: inout AnswerEncoder
  ) throws {
    let hadIndex = engine.snapshotNumber != nil
    let text = try editor.perform(
      .compact { done, total in
        try circumstances.checkWanted()
        circumstances.progress?("copy", done, total)
      })
    // What is compacted stays so; whoever does not want to wait for the index can build it later.
    var built = ""
    if hadIndex {
      do {
        built = ",\"snapshot\":\(try build(request, circumstances).number)"
      } catch  where circumstances.interruption?.isRaised == true {
        built = ",\"snapshot\":null"
      }
    }
    encoder.beginResult(id)
    encoder.buffer.raw(text.dropLast() + built + "}")
    encoder.endResult()
  }

  /// `index.build`: a new snapshot, which is in force when the answer goes out.
  func indexBuild(
    _ request: IndexBuildRequest, _ id: RequestID, _ circumstances: Circumstances, _ encoder: inout AnswerEncoder
  ) throws {
    let report = try build(request, circumstances)
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

  /// Builds for as long as that is wanted.
  ///
  /// This process may hold the lock for its edits already, and goes on editing.
  private func build(_ request: IndexBuildRequest, _ circumstances: Circumstances) throws -> IndexBuild.Report {
    let options = IndexBuild.Options(threads: request.threads ?? engine.workers.width, memory: request.memory)
    return try editor.lendWriter { writer in
      try IndexBuild(engine, options).run(holding: writer) { progress in
        // The state is taken before the first report.
        circumstances.settle()
        try circumstances.checkWanted()
        circumstances.progress?(progress.stage, progress.done, progress.total)
      }
    }
  }
}
