import Catalogue
import VectorIndex
import WireProtocol

/// Answers requests: all validation against the catalogue is here; nothing below throws for what a caller did.
///
/// - Concurrency: A value over shared, thread-safe parts; each thread has its own encoder.
package struct RequestHandler: Sendable {
  let engine: Engine
  let statistics: Statistics
  /// Whether edits are refused.
  let isReadOnly: Bool
  /// Does edits.
  package let editor: Editor
  /// What callers may ask for.
  let limits: Limits

  /// Answers from an engine.
  ///
  /// - Parameters:
  ///   - engine: What is asked.
  ///   - statistics: Counts.
  ///   - isReadOnly: Whether edits are refused.
  ///   - lockWait: How long to wait for another writer at the first edit.
  ///   - pace: Which commits are quick.
  ///   - limits: What callers may ask for.
  package init(
    engine: Engine, statistics: Statistics = Statistics(), isReadOnly: Bool, lockWait: Duration = .zero,
    pace: CommitPace = CommitPace(), limits: Limits = Limits()
  ) {
    self.engine = engine
    self.statistics = statistics
    self.isReadOnly = isReadOnly
    self.limits = limits
    editor = Editor(engine, isReadOnly: isReadOnly, lockWait: lockWait, pace: pace) {
      statistics.countCommit(edits: $0)
    }
  }

  /// Writes the one answer to a request.
  ///
  /// - Parameters:
  ///   - request: What is asked.
  ///   - vectors: The vectors that came with it.
  ///   - circumstances: For deadlines, and for how many threads may be used.
  ///   - encoder: Gets the line.
  func answer(
    _ request: Request, _ vectors: VectorBuffer, _ circumstances: Circumstances, into encoder: inout AnswerEncoder
  ) {
    let start = encoder.buffer.count
    do {
      try dispatch(request, vectors, circumstances, &encoder)
    } catch {
      encoder.discardLine(from: start)
      refuse(request, ServiceFailure.wireError(for: error), into: &encoder)
    }
  }

  /// Writes an answer that says why there is no result.
  func refuse(_ request: Request, _ error: WireError, into encoder: inout AnswerEncoder) {
    encoder.error(error, id: request.id)
    statistics.countError(error.kind, of: request.body.method)
    if error.kind == .internalError { statistics.log?.fault(error, in: request) }
  }

  /// Writes the answer, or throws why there is none.
  func dispatch(
    _ request: Request, _ vectors: VectorBuffer, _ circumstances: Circumstances, _ encoder: inout AnswerEncoder
  ) throws {
    let id = request.id
    switch request.body {
    case .hello: try hello(id, &encoder)
    case .health: try health(id, &encoder)
    case .stats: stats(id, &encoder)
    case .sync: try sync(id, &encoder)
    // Nothing else is in progress where one request is answered by itself; a conversation knows more.
    case .cancel(let cancel): encoder.cancelled(id, 0, notInProgress: cancel.ids)
    case .shutdown: shutdown(id, &encoder)
    case .discover: discover(id, &encoder)
    case .search(let search): try self.search(search, id, vectors, circumstances, &encoder)
    case .match(let match): try self.match(match, id, vectors, circumstances, &encoder)
    case .itemsGet(let get): try itemsGet(get, id, &encoder)
    case .itemsCount(let count): try itemsCount(count, id, &encoder)
    case .itemsScroll(let scroll): try itemsScroll(scroll, id, circumstances, &encoder)
    case .itemsUpsert, .itemsRemove, .membersPut, .membersRemove, .worksPut, .worksRemove, .permissionsPut,
      .permissionsRevoke:
      guard let edit = edit(for: request.body, vectors) else { return }
      let text = try editor.perform(edit)
      answer(.done(text), to: request, into: &encoder)
    case .membersList(let list): try membersList(list, id, &encoder)
    case .worksList(let list): try worksList(list, id, &encoder)
    case .permissionsList(let list): try permissionsList(list, id, &encoder)
    case .permissionsCheck(let check): try permissionsCheck(check, id, &encoder)
    case .indexBuild(let build): try indexBuild(build, id, circumstances, &encoder)
    case .indexCompact(let compact): try indexCompact(compact, id, circumstances, &encoder)
    }
  }
}
