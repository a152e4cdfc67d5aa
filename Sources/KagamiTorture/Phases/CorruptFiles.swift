import Foundation

/// S6 and S7: files damaged at random places, or forged with checksums that are right; every answer must be right, or something must tell.
struct CorruptFiles {
  private let bench: Bench
  private var random: Randomness
  private let dimension = 64
  private let metric = Metric.innerProduct
  /// What all trials begin with.
  private let catalogue: String
  /// What it holds, by revision: the last ones, which a cut-off log falls back to.
  private var states: [Int: CatalogueState] = [:]
  private var sequence = 0
  private var queries: [[Float]] = []
  private let files: [String]
  private let forges: Bool

  /// Makes the catalogue: some thousand items, two snapshots with codes and graph, and a log with edits behind them.
  ///
  /// - Parameters:
  ///   - bench: What every phase works with.
  ///   - forges: Whether the checksums of what is damaged are made right again.
  /// - Throws: ``Refusal`` where the catalogue cannot be made.
  init(_ bench: Bench, forges: Bool) throws {
    self.bench = bench
    self.forges = forges
    random = bench.random(forges ? "forged" : "corrupt")
    catalogue = try bench.create("sound.kagami", dimension: dimension, metric: metric)
    var filler = Filler(session: try bench.serve(catalogue), random: bench.random("corrupt base"), dimension: dimension)
    for block in 0..<6 { try filler.put((block * 400..<block * 400 + 400).map { "k\($0)" }, member: "m\(block)") }
    for block in 0..<2 {
      guard filler.session.ask(.build)?.result?.snapshot != nil else { throw Refusal("no index to damage") }
      try filler.put((2400 + block * 100..<2500 + block * 100).map { "k\($0)" })
    }
    for step in 0..<30 {
      if step % 3 == 2 {
        try filler.apply(.remove(["k\(step * 7)", "k\(2400 + step)"]))
      } else {
        try filler.put(["k\(step * 11)"])
      }
    }
    filler.session.kill()
    (states, sequence) = (filler.states, filler.sequence)
    queries = (0..<4).map { _ in filler.random.vector(64) }
    files = try CatalogueFiles.list(catalogue)
  }

  /// Fills a catalogue and remembers what it held at each revision.
  private struct Filler {
    let session: EngineSession
    var random: Randomness
    let dimension: Int
    private(set) var states: [Int: CatalogueState] = [:]
    private(set) var sequence = 0
    private var state = CatalogueState()

    init(session: EngineSession, random: Randomness, dimension: Int) {
      (self.session, self.random, self.dimension) = (session, random, dimension)
    }

    mutating func put(_ keys: [String], member: String? = nil) throws {
      try apply(
        .upsert(
          keys.map { .init(key: $0, item: .init(vector: random.vector(dimension), member: member)) }, isAtomic: true))
    }

    mutating func apply(_ action: ModelEdit.Action) throws {
      let edit = ModelEdit(action: action)
      guard let told = session.ask(edit.request)?.result?.seq else { throw Refusal("no catalogue to damage") }
      state.apply(edit)
      (states[told], sequence) = (state, told)
    }
  }

  /// Runs until the time is over.
  mutating func run(until deadline: ContinuousClock.Instant, _ tally: inout Tally) throws {
    // Every way of damaging every file once, then at random.
    var plan = files.flatMap { file in ways.map { (file, $0) } }
    plan.shuffle(using: &random)
    try attempt(nil, &tally)
    while ContinuousClock.now < deadline {
      let next = plan.popLast() ?? (files.randomElement(using: &random) ?? "CURRENT", way())
      try attempt(next, &tally)
    }
  }

  /// Does something to a file, below a catalogue, and says what.
  private typealias Way = (_ file: String, _ catalogue: String, inout Randomness) throws -> String?

  private var ways: [Way] {
    guard forges else { return Mutation.allCases.map { way in { try way.apply(to: $0, of: $1, &$2) } } }
    return Forgery.allCases.map { way in { try way.apply(to: $0, of: $1, &$2) } }
  }

  private mutating func way() -> Way {
    let ways = ways
    return ways[Int.random(in: 0..<ways.count, using: &random)]
  }

  /// What an engine made of a damaged catalogue.
  private struct Verdict {
    var isDetected = false
    var isCrashed = false
    var isOlder = false
    var wrong: String?
  }

  private mutating func attempt(_ damage: (file: String, way: Way)?, _ tally: inout Tally) throws {
    let copy = try bench.copy(catalogue, to: "damaged.kagami")
    var what = "nothing is damaged"
    if let damage {
      guard let done = try damage.way(damage.file, copy, &random) else { return }
      what = done
      tally.corruptTried += 1
      if forges { tally.corruptForged += 1 }
    }
    let audit = try bench.verify(copy)
    let verdict = try serve(copy)
    let isTold = !audit.isGood
    if verdict.isCrashed || Self.isCrash(audit.end) {
      tally.corruptCrashes += 1
      tally.note("\(what): \(verdict.isCrashed ? "serve" : "verify") ended with a signal, or does not answer")
      if bench.options.keepsFiles { _ = try bench.copy(copy, to: "crash-\(tally.corruptTried).kagami") }
    } else if let wrong = verdict.wrong, !verdict.isDetected, !isTold {
      tally.corruptWrongAnswers += 1
      tally.note("\(what): \(wrong), and nothing tells")
      if bench.options.keepsFiles { _ = try bench.copy(copy, to: "wrong-\(tally.corruptTried).kagami") }
    } else if damage == nil {
      guard isTold || verdict.isDetected || verdict.isOlder else { return }
      tally.otherViolations += 1
      tally.note("the sound catalogue is called damaged: \(audit.lines.first ?? audit.errors)")
    } else if verdict.isDetected || isTold {
      tally.corruptDetected += 1
      if verdict.wrong != nil, !verdict.isDetected { tally.corruptToldByVerifyOnly += 1 }
    } else if verdict.isOlder {
      tally.corruptRolledBack += 1
    } else {
      tally.corruptHarmless += 1
    }
  }

  private static func isCrash(_ end: Child.End?) -> Bool {
    switch end {
    case .exit: false
    case .signal, nil: true
    }
  }

  private func serve(_ copy: String) throws -> Verdict {
    var verdict = Verdict()
    let session = try bench.serve(copy)
    for (place, query) in queries.enumerated() {
      for isExact in [true, false] {
        guard let answer = session.ask(.search(query, k: 20, exact: isExact)) else {
          // An engine that is there and does not answer is as bad as one that is gone.
          if !session.isOver { verdict.isCrashed = true }
          break
        }
        judge(answer, query, place, isExact: isExact, &verdict)
      }
    }
    if session.ask(.health)?.result?.state == "degraded" { verdict.isDetected = true }
    compareItems(session, &verdict)
    switch session.close() {
    case .exit(0): break
    case .exit: verdict.isDetected = true
    case .signal, nil: verdict.isCrashed = true
    }
    return verdict
  }

  private func judge(_ answer: Answer, _ query: [Float], _ place: Int, isExact: Bool, _ verdict: inout Verdict) {
    guard let result = answer.result, let hits = result.results?.first?.hits else {
      verdict.isDetected = true
      return
    }
    if result.degraded == true { verdict.isDetected = true }
    guard let state = state(result.seq, &verdict) else { return }
    if let fault = state.fault(of: hits, for: query, k: 20, metric: metric, isExact: isExact || result.exact == true) {
      verdict.wrong = "\(isExact ? "exact" : "approximate") search \(place): \(fault)"
    }
  }

  private func state(_ told: Int?, _ verdict: inout Verdict) -> CatalogueState? {
    guard let told else { return nil }
    if told != sequence { verdict.isOlder = true }
    guard let state = states[told] else {
      // Older than what is remembered, or never there.
      if told > sequence { verdict.wrong = "revision \(told) was never there" }
      return nil
    }
    return state
  }

  private func compareItems(_ session: EngineSession, _ verdict: inout Verdict) {
    guard let answer = session.ask(.scroll(after: nil)) else { return }
    guard let result = answer.result, let items = result.items else {
      verdict.isDetected = true
      return
    }
    guard let state = state(result.seq, &verdict) else { return }
    for item in items where state.items[item.key]?.vector != item.vector?.numbers {
      verdict.wrong = "items.scroll shows another vector of \(item.key)"
    }
  }
}
