import WireProtocol

/// A request from its receipt to its answer.
///
/// Kept afterwards for another one, with its vectors.
///
/// - Concurrency: Belongs to whoever holds it: reader, queue, worker or editor in turn; `stage` and
///   `isAnswered` are guarded by its conversation's lock.
final class Job: @unchecked Sendable {
  /// Where it is, for whoever wants to take it back.
  enum Stage {
    /// Waits for others.
    case waiting
    /// In the queue, or with a worker.
    case queued
    /// With the editor, under this number.
    case editing(Int)
  }

  /// Vectors that came with the request.
  let vectors = VectorBuffer()
  /// Whether it is still wanted.
  let interruption = Interruption()
  /// Says that no later edit can show in its answer; made once.
  var settle: @Sendable () -> Void = {}
  var request = Job.nothing
  /// What it changes; nil for what changes nothing.
  var edit: Edit?
  var number = 0
  /// The how-manieth line of the stream it was.
  var place = 0
  var bytes = 0
  var received = ContinuousClock.Instant.now
  var stage = Stage.queued
  /// Whether its answer is made; nobody can cancel it then.
  var isAnswered = false

  private static let nothing = Request(id: .integer(0), body: .health)

  /// Lets go of what belongs to the request.
  func clear() {
    request = Self.nothing
    edit = nil
    isAnswered = false
  }

  /// Whether it stores so little that its commit takes no longer than any.
  var isBriefEdit: Bool {
    guard case .itemsUpsert = request.body else { return false }
    return edit != nil && bytes <= 32 << 10
  }

  /// Whether it may be searched for together with others that ask the same of other vectors.
  var canJoin: Bool {
    guard case .search(let search) = request.body, vectors.count <= 4 else { return false }
    let options = search.options
    guard case .vectors = options.source, options.filter == nil, options.use == nil, !options.groupsByWork else {
      return false
    }
    return options.minSequence == nil && options.deadline == nil && options.model == nil
  }

  /// Whether it asks the same as another one that may be joined, of other vectors.
  func asksTheSame(as other: Job) -> Bool {
    guard case .search(let a) = request.body, case .search(let b) = other.request.body else { return false }
    guard a.k == b.k, a.scoreThreshold == b.scoreThreshold, a.exact == b.exact, a.beamWidth == b.beamWidth,
      a.targetRecall == b.targetRecall
    else { return false }
    let (shown, other) = (a.options, b.options)
    return shown.withAttributes == other.withAttributes && shown.withVectors == other.withVectors
  }
}
