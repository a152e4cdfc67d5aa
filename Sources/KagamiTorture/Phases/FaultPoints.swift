import Foundation

/// S2 to S5 and S12: something happens at the nth call of a kind on a kind of file, for every such point of one fixed piece of work.
struct FaultPoints {
  let bench: Bench
  let shim: Shim
  var random: Randomness
  let dimension = 16
  let metric = Metric.innerProduct
  /// What all trials begin with.
  let catalogue: String
  let ledger: Ledger
  private var hit = Set<String>()

  /// Makes the catalogue that all trials begin with: some items, one snapshot, a log that is not empty.
  init(_ bench: Bench) throws {
    self.bench = bench
    shim = try Shim(source: bench.options.shimSource, folder: bench.folder)
    random = bench.random("points")
    catalogue = try bench.create("points.kagami", dimension: dimension, metric: metric)
    var (ledger, maker) = (Ledger(), EditMaker(bench.random("points base"), dimension: dimension))
    let session = try bench.serve(catalogue)
    for round in 0..<40 {
      let edit = maker.next()
      ledger.sent(edit, id: session.send(edit.request))
      if round == 30 { _ = session.ask(.build) }
    }
    _ = session.ask(.count)
    session.kill()
    ledger.settle(session.answers)
    guard ledger.pending.isEmpty, ledger.complaints.isEmpty else {
      throw Refusal("no catalogue for fault points: \(ledger.complaints)")
    }
    self.ledger = ledger
  }

  /// Runs until the time is over, or every point is done.
  mutating func run(until deadline: ContinuousClock.Instant, _ tally: inout Tally) throws {
    var plans = try self.plans(&tally)
    plans.shuffle(using: &random)
    // Every point once before any point twice.
    var (seen, first, later) = (Set<String>(), [Shim.Plan](), [Shim.Plan]())
    for plan in plans { if seen.insert(plan.point).inserted { first.append(plan) } else { later.append(plan) } }
    for (number, plan) in (first + later).enumerated() where ContinuousClock.now < deadline {
      try attempt(plan, &tally)
      if number % 3 == 2, let other = plans.randomElement(using: &random) { try liveTwice(plan, other, &tally) }
    }
    tally.faultPointsHit = hit.count
  }

  // MARK: The points

  /// Does the work once without a fault, and lists what could happen at each call that it took.
  private mutating func plans(_ tally: inout Tally) throws -> [Shim.Plan] {
    let copy = try bench.copy(catalogue, to: "trial.kagami")
    var ledger = ledger
    let session = try bench.serve(copy, environment: try shim.environment(nil, catalogue: copy))
    _ = work(session, &ledger)
    guard session.close() == .exit(0), ledger.complaints.isEmpty, ledger.pending.isEmpty else {
      throw Refusal("the work fails without a fault: \(ledger.complaints) \(session.child.errorText)")
    }
    let (plans, known) = Self.plans(for: shim.counts, reads: 12, &random)
    tally.faultPointsKnown += known
    return plans
  }

  /// Everything that could happen at each of some calls.
  ///
  /// - Parameters:
  ///   - counts: The calls.
  ///   - reads: About how many of the reads of each kind of file are worth a trial: they are many and alike.
  ///   - random: Where chance comes from.
  /// - Returns: The plans, and at how many points.
  static func plans(for counts: Shim.Counts, reads: Int, _ random: inout Randomness) -> (
    plans: [Shim.Plan], points: Int
  ) {
    var (plans, points): ([Shim.Plan], Int) = ([], 0)
    for file in Shim.FileKind.allCases {
      for call in Shim.Call.allCases {
        let count = counts.calls(file, call)
        let numbers =
          call == .read ? Array(stride(from: 1, through: count, by: max(1, count / reads))) : Array(1..<count + 1)
        points += numbers.count
        for number in numbers {
          for action in actions(call) {
            let isLasting = (action == .noSpace || action == .ioError) && random.oneIn(2)
            let seed = action == .powerCut && random.oneIn(2) ? Int.random(in: 1...1 << 30, using: &random) : 0
            plans.append(
              Shim.Plan(file: file, call: call, number: number, action: action, times: isLasting ? 0 : 1, seed: seed))
          }
        }
      }
    }
    return (plans, points)
  }

  /// What is worth trying at a kind of call.
  private static func actions(_ call: Shim.Call) -> [Shim.Action] {
    switch call {
    case .write: [.kill, .torn, .powerCut, .noSpace, .ioError, .short, .interrupted, .delay]
    case .sync: [.kill, .killAfter, .powerCut, .ioError, .noSpace, .delay]
    case .rename, .unlink: [.kill, .killAfter, .powerCut, .ioError]
    case .truncate: [.kill, .killAfter, .powerCut, .ioError]
    case .create: [.kill, .killAfter, .powerCut, .noSpace]
    case .read: [.kill, .ioError, .short]
    }
  }

  // MARK: One trial

  /// What edits may be refused with while something fails.
  static let faults: Set<String> = [
    "storage_io", "storage_full", "storage_corrupt", "resource_exhausted", "not_ready",
  ]

  private mutating func attempt(_ plan: Shim.Plan, _ tally: inout Tally) throws {
    let copy = try bench.copy(catalogue, to: "trial.kagami")
    var ledger = ledger
    let session = try bench.serve(copy, environment: try shim.environment(plan, catalogue: copy))
    let faults = Self.faults
    let complaints = work(session, &ledger, expecting: plan.action.isHarmless ? [] : faults)
    let end = session.close()
    ledger.settle(session.answers, expecting: faults)
    let counts = shim.counts
    let context = "\(plan.action) at \(plan.point)\(plan.times == 0 ? " and after" : "")"
    if counts.hits > 0 {
      hit.insert(plan.point)
      tally.faultsInjected["\(plan.action)", default: 0] += counts.hits
    }
    tally.changesTakenBack += counts.takenBack
    if counts.writesAfterFailedSync > 0 {
      tally.writesAfterFailedSync += counts.writesAfterFailedSync
      tally.note("\(context): \(counts.writesAfterFailedSync) writes after a failed sync")
    }
    judge(end, plan, session, complaints, context, counts, &tally)
    if end == .signal(SIGKILL) { tally.kills += 1 }
    tally.acknowledgedEdits += ledger.takeAcknowledged()
    let judge = try bench.serve(copy)
    var maker = EditMaker(random, dimension: dimension)
    let audit = Audit(judge, ledger, metric: metric, queries: [maker.query(), maker.query()])
    tally.restarts += 1
    tally.add(audit, context)
    resume(judge, ledger, audit, context, &tally)
    let last = judge.close()
    if last != .exit(0) {
      tally.otherViolations += 1
      tally.note("\(context): the next engine ends with \(last.map { "\($0)" } ?? "nothing")")
    }
    if !audit.isClean, bench.options.keepsFiles { _ = try bench.copy(copy, to: "bad-\(tally.restarts).kagami") }
  }

  /// Whether the process ended as it must.
  private func judge(
    _ end: Child.End?, _ plan: Shim.Plan, _ session: EngineSession, _ complaints: [String], _ context: String,
    _ counts: Shim.Counts, _ tally: inout Tally
  ) {
    for complaint in complaints {
      tally.otherViolations += 1
      tally.note("\(context): \(complaint)")
    }
    let isKilled = [.kill, .killAfter, .torn, .powerCut].contains(plan.action) && counts.hits > 0
    switch end {
    case .exit(0): if !isKilled { return }
    case .exit: if !isKilled, !plan.action.isHarmless { return }
    case .signal(SIGKILL): if isKilled { return }
    default: break
    }
    tally.otherViolations += 1
    let errors = session.child.errorText.split(separator: "\n").last ?? ""
    tally.note("\(context): the engine ended with \(end.map { "\($0)" } ?? "nothing in time"): \(errors)")
  }

  /// After a restart without faults edits must go on as if nothing had been.
  func resume(
    _ session: EngineSession, _ ledger: Ledger, _ audit: Audit, _ context: String, _ tally: inout Tally
  ) {
    guard let found = audit.found else { return }
    var ledger = ledger
    ledger.restart(from: found, sequence: audit.sequence)
    let edit = ModelEdit(action: .upsert([Self.entry("again", dimension)], isAtomic: true))
    ledger.sent(edit, id: session.send(edit.request))
    let built = session.ask(.build)
    _ = session.ask(.count)
    ledger.settle(session.answers)
    guard ledger.pending.isEmpty, ledger.complaints.isEmpty, built?.result?.snapshot != nil else {
      tally.otherViolations += 1
      let complaint =
        ledger.complaints.first ?? built?.error?.message ?? "no answer: \(session.child.errorText.suffix(300))"
      return tally.note("\(context): the next engine refuses: \(complaint)")
    }
    let state = ledger.candidates[0]
    guard
      let hits = session.ask(.search(Self.entry("again", dimension).item.vector, k: 3, exact: true))?.result?.results?
        .first?.hits,
      state.fault(of: hits, for: Self.entry("again", dimension).item.vector, k: 3, metric: metric, isExact: true) == nil
    else {
      tally.wrongAnswers += 1
      return tally.note("\(context): the next engine answers wrongly")
    }
  }

  private static func entry(_ key: String, _ dimension: Int) -> ModelEdit.Entry {
    let vector = (0..<dimension).map { Float($0 % 3) }
    return ModelEdit.Entry(key: key, item: CatalogueState.Item(vector: vector, member: nil))
  }

  /// The work: edits one after the other, some together, a build, more edits, and a search after each.
  ///
  /// - Returns: What must not be.
  func work(
    _ session: EngineSession, _ ledger: inout Ledger, expecting faults: Set<String> = [], life: Int = 1
  ) -> [String] {
    var complaints: [String] = []
    // Other edits in every life: one of the same name is not done again.
    var maker = EditMaker(bench.random("points work \(life)"), dimension: dimension)
    for step in 0..<8 where !session.isOver {
      if step == 4 || step == 6 {
        let answer = session.ask(.build)
        if let error = answer?.error, !faults.contains(error.data.kind) {
          complaints.append("index.build: \(error.message)")
        }
      }
      for _ in 0..<(step % 3 == 0 ? 1 : 3) {
        let edit = maker.next()
        ledger.sent(edit, id: session.send(edit.request))
      }
      // Reads go on, whatever has become of the edits before them, and show what was acknowledged.
      guard let answer = session.ask(.search(maker.query(), k: 20, exact: step % 2 == 0)) else { break }
      if let error = answer.error { complaints.append("a search failed: \(error.data.kind), \(error.message)") }
      ledger.settle(session.answers, expecting: faults)
      complaints += retryability(session)
    }
    return complaints
  }

  /// Whether refusals say rightly if trying again may help.
  private func retryability(_ session: EngineSession) -> [String] {
    session.answers.values.compactMap(\.error).compactMap { error in
      switch (error.data.kind, error.data.retryable) {
      case ("storage_full", false), ("storage_io", true): "\(error.data.kind) says retryable: \(error.data.retryable)"
      case ("internal_error", _): "internal_error: \(error.message)"
      default: nil
      }
    }
  }
}

extension Shim.Action {
  /// Whether the engine must go on as if nothing were.
  var isHarmless: Bool { self == .short || self == .interrupted || self == .delay || self == .count }
}
