/// An engine that edits, and what it has not answered.
struct EngineHand {
  /// What was asked for.
  enum Act {
    case edit(ModelEdit)
    case compact
    case build
  }

  let session: EngineSession
  /// Its number among those who write.
  let writer: Int
  /// Looks on through the same stream.
  var onlooker: Onlooker
  private(set) var pending: [(id: Int, act: Act)] = []
  /// The last revision that an edit was answered with.
  private(set) var told = 0

  init(_ session: EngineSession, writer: Int, _ onlooker: Onlooker) {
    (self.session, self.writer, self.onlooker) = (session, writer, onlooker)
  }

  /// Sends something without waiting for the answer.
  mutating func send(_ act: Act) {
    let request: Request =
      switch act {
      case .edit(let edit): edit.request
      case .compact: Request(method: "index.compact", params: "{\"threads\":2}")
      case .build: .build
      }
    pending.append((session.send(request), act))
  }

  /// Waits for everything that was sent.
  func wait() {
    for (id, _) in pending where session.answer(to: id) == nil { break }
  }

  /// Takes the answers that came.
  ///
  /// - Returns: How many were refused, because another process writes or the engine ends.
  mutating func collect(into history: inout History, _ findings: inout [Finding]) -> Int {
    var (open, refused) = ([(id: Int, act: Act)](), 0)
    var isWaiting = false
    for (id, act) in pending {
      // Edits that share a revision are kept in their order.
      guard let answer = session.answers[id], !(isWaiting && act.isEdit) else {
        open.append((id, act))
        isWaiting = isWaiting || act.isEdit
        continue
      }
      if let result = answer.result {
        accept(act, result, into: &history)
      } else if let error = answer.error {
        if error.isRefusal(of: act) {
          refused += 1
        } else {
          findings.append(
            Finding(check: .process, text: "\(act.name) is refused: \(error.data.kind), \(error.message)"))
        }
      }
    }
    pending = open
    return refused
  }

  private mutating func accept(_ act: Act, _ result: Answer.Result, into history: inout History) {
    guard let sequence = result.seq else { return }
    // Answers of one commit come in their order; what a build tells is older than the edits beside it.
    switch act {
    case .edit(let edit):
      history.acknowledge(.init(sequence: sequence, edit: edit, writer: writer, removed: result.removedKeys))
    case .compact: history.acknowledge(.init(sequence: sequence, edit: nil, writer: writer, removed: nil))
    case .build: return
    }
    told = max(told, sequence)
    onlooker.follow(sequence)
  }

  /// Whoever asked will never know of the rest.
  mutating func abandon(into history: inout History) {
    let edits = pending.compactMap { item -> ModelEdit? in if case .edit(let edit) = item.act { edit } else { nil } }
    if !pending.isEmpty { history.leaveOpen(edits, after: told) }
    pending.removeAll()
  }
}

extension EngineHand.Act {
  /// Whether it is done in its place on the stream; the others are jobs beside it.
  var isEdit: Bool { if case .edit = self { true } else { false } }

  /// What it is called in a sentence.
  var name: String {
    switch self {
    case .edit(let edit): edit.request.method
    case .compact: "index.compact"
    case .build: "index.build"
    }
  }
}

extension Answer.Failure {
  /// Whether somebody else is at work, or what is removed is not there; nothing has changed then.
  func isRefusal(of act: EngineHand.Act) -> Bool {
    switch (data.kind, act) {
    case ("conflict", _), ("read_only", _), ("not_ready", _), ("shutting_down", _): true
    case ("not_found", .edit(let edit)): if case .removeMember = edit.action { true } else { false }
    default: false
    }
  }
}

extension Answer.Result {
  /// The keys that an edit took away; nil where it says nothing of that.
  var removedKeys: [String]? { removed == nil ? nil : keys }
}
