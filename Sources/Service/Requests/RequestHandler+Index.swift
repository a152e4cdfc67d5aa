import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// `index.compact`: the bytes of removed items go, and a new snapshot takes the place of the old one.
  ///
  /// Nothing else is built from the first step to the last: a snapshot of the rows that go would be of no use to anybody.
  func indexCompact(
    _ request: IndexBuildRequest, _ id: RequestID, _ circumstances: Circumstances, _ encoder: inout AnswerEncoder
  ) throws {
    let text = try editor.lendWriter { writer in
      let hadIndex = engine.hasIndex
      let text = try editor.perform(
        .compact { done, total in
          try circumstances.checkWanted()
          circumstances.progress?("copy", done, total)
        })
      let built = hadIndex ? try rebuilt(request, circumstances, writer) : ""
      return String(text.dropLast()) + built + "}"
    }
    encoder.beginResult(id)
    encoder.buffer.raw(text)
    encoder.endResult()
  }

  /// Builds the index that a compaction takes away; what is compacted stays so, and whoever does not want to wait can build it later.
  private func rebuilt(
    _ request: IndexBuildRequest, _ circumstances: Circumstances, _ writer: CatalogueWriter
  ) throws -> String {
    do {
      return ",\"snapshot\":\(try build(request, circumstances, holding: writer).number)"
    } catch  where circumstances.interruption?.isRaised == true {
      return ",\"snapshot\":null"
    }
  }

  /// `index.build`: a new snapshot, which is in force when the answer goes out.
  func indexBuild(
    _ request: IndexBuildRequest, _ id: RequestID, _ circumstances: Circumstances, _ encoder: inout AnswerEncoder
  ) throws {
    let report = try editor.lendWriter { try build(request, circumstances, holding: $0) }
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
  private func build(
    _ request: IndexBuildRequest, _ circumstances: Circumstances, holding writer: CatalogueWriter
  ) throws -> IndexBuild.Report {
    let options = IndexBuild.Options(threads: request.threads ?? engine.workers.width, memory: request.memory)
    return try IndexBuild(engine, options).run(holding: writer) { progress in
      // The state is taken before the first report.
      circumstances.settle()
      try circumstances.checkWanted()
      circumstances.progress?(progress.stage, progress.done, progress.total)
    }
  }
}
