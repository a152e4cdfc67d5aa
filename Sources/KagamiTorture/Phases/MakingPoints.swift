import Foundation

/// S2 to S5 and S12 of commands that make a catalogue: something happens at the nth call of `kagami create` and `kagami import`.
///
/// Whatever happens, what is there afterwards is nothing, or a sound catalogue with whole batches of the import; the same command done again
/// succeeds.
struct MakingPoints {
  private let bench: Bench
  private let shim: Shim
  private var random: Randomness
  private let folder: String
  private let vectors: String
  private var hit = Set<String>()

  private static let rows = 90
  private static let batch = 40
  private static let dimension = 16

  /// What is tried.
  private enum Work: CaseIterable {
    /// An empty catalogue.
    case create
    /// A catalogue with items.
    case importNew
    /// Items into an empty catalogue that is there.
    case importMore
  }

  /// Writes the file that is imported.
  init(_ bench: Bench) throws {
    self.bench = bench
    shim = try Shim(source: bench.options.shimSource, folder: bench.folder)
    random = bench.random("making")
    folder = "\(bench.folder)/making"
    vectors = "\(bench.folder)/making.jsonl"
    var lines = ""
    for row in 0..<Self.rows {
      let numbers = random.vector(Self.dimension).map { "\(Int($0))" }.joined(separator: ",")
      lines += "{\"key\":\"k\(row)\",\"vector\":[\(numbers)]}\n"
    }
    try Data(lines.utf8).write(to: URL(fileURLWithPath: vectors))
  }

  private var catalogue: String { "\(folder)/art.kagami" }

  /// Runs until the time is over, or every point is done.
  mutating func run(until deadline: ContinuousClock.Instant, _ tally: inout Tally) throws {
    var plans: [(Work, Shim.Plan)] = []
    for work in Work.allCases { plans += try self.plans(work, &tally).map { (work, $0) } }
    plans.shuffle(using: &random)
    // Every point once before any point twice.
    var seen = Set<String>()
    let first = plans.filter { seen.insert("\($0.0) \($0.1.point)").inserted }
    for (work, plan) in first + plans where ContinuousClock.now < deadline { try attempt(work, plan, &tally) }
    tally.makingPointsHit = hit.count
  }

  /// Does the work once without a fault, and lists what could happen at each call that it took.
  private mutating func plans(_ work: Work, _ tally: inout Tally) throws -> [Shim.Plan] {
    try prepare(work)
    let outcome = try perform(work, environment: shim.environment(nil, catalogue: folder, isInside: true))
    guard outcome.isGood else { throw Refusal("\(work) fails without a fault: \(outcome.errors)") }
    let (plans, known) = FaultPoints.plans(for: shim.counts, reads: 6, &random)
    tally.makingPointsKnown += known
    return plans
  }

  // MARK: One trial

  /// An empty folder, or one with an empty catalogue.
  private func prepare(_ work: Work) throws {
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if work == .importMore { _ = try perform(.create) }
  }

  private func perform(_ work: Work, environment: [String: String] = [:]) throws -> CommandOutcome {
    let words =
      work == .create
      ? ["create", catalogue, "--dimension", "\(Self.dimension)", "--metric", "ip"]
      : ["import", catalogue, "--vectors", vectors, "--metric", "ip", "--batch-rows", "\(Self.batch)"]
    return try CommandOutcome([bench.options.engine] + words, environment: environment)
  }

  private mutating func attempt(_ work: Work, _ plan: Shim.Plan, _ tally: inout Tally) throws {
    try prepare(work)
    let outcome = try perform(work, environment: shim.environment(plan, catalogue: folder, isInside: true))
    let counts = shim.counts
    let context = "\(work), \(plan.action) at \(plan.point)\(plan.times == 0 ? " and after" : "")"
    if counts.hits > 0 {
      hit.insert("\(work) \(plan.point)")
      tally.faultsInjected["\(plan.action)", default: 0] += counts.hits
    }
    tally.changesTakenBack += counts.takenBack
    // A draft that never became a catalogue is nobody's, whatever SQLite writes to it when it is closed.
    if counts.writesAfterFailedSync > 0, FileManager.default.fileExists(atPath: catalogue) {
      tally.writesAfterFailedSync += counts.writesAfterFailedSync
      tally.note("\(context): \(counts.writesAfterFailedSync) writes after a failed sync")
    }
    if outcome.end == .signal(SIGKILL) { tally.kills += 1 }
    var complaints = objections(to: outcome, plan, hasHit: counts.hits > 0)
    complaints += try leftovers(work, isDone: outcome.isGood)
    complaints += try again(work)
    tally.restarts += 1
    for complaint in complaints {
      tally.otherViolations += 1
      tally.note("\(context): \(complaint)")
    }
    if !complaints.isEmpty, bench.options.keepsFiles { _ = try bench.copy(folder, to: "making-\(tally.restarts)") }
  }

  /// Whether the command ended as it must: killed where it was, else with a sentence where it failed.
  private func objections(to outcome: CommandOutcome, _ plan: Shim.Plan, hasHit: Bool) -> [String] {
    let isKilled = [.kill, .killAfter, .torn, .powerCut].contains(plan.action) && hasHit
    switch outcome.end {
    case .exit(0) where !isKilled: return []
    case .exit(let code) where !isKilled && hasHit && !plan.action.isHarmless:
      let isClear = outcome.errors.hasPrefix("kagami: ") && outcome.errors.contains(folder)
      // SQLite takes a page that cannot be read for a damaged one.
      let codes: Set<Int32> = plan.call == .read ? [73, 74, 65] : [73, 74]
      return isClear && codes.contains(code) ? [] : ["exit code \(code): \(outcome.errors.prefix(300))"]
    case .signal(SIGKILL) where isKilled: return []
    default: return ["ended with \(outcome.end.map { "\($0)" } ?? "nothing in time"): \(outcome.errors.prefix(300))"]
    }
  }

  /// What is wrong with what is there now.
  private func leftovers(_ work: Work, isDone: Bool) throws -> [String] {
    guard FileManager.default.fileExists(atPath: catalogue) else {
      return isDone ? ["done, and nothing is there"] : work == .importMore ? ["the catalogue is gone"] : []
    }
    let audit = try bench.verify(catalogue)
    guard audit.isGood else { return ["verify: \(audit.lines.first ?? audit.errors)"] }
    let count = try self.count()
    let whole = work == .create ? [0] : isDone ? [Self.rows] : [0, Self.batch, 2 * Self.batch, Self.rows]
    return count.map(whole.contains) == true ? [] : ["holds \(count ?? -1) items"]
  }

  /// The same command without a fault.
  private func again(_ work: Work) throws -> [String] {
    let wasThere = FileManager.default.fileExists(atPath: catalogue)
    let outcome = try perform(work)
    if work == .create, wasThere { return outcome.end == .exit(73) ? [] : ["created twice: \(outcome.errors)"] }
    guard outcome.isGood else { return ["a second try fails: \(outcome.errors.prefix(300))"] }
    let audit = try bench.verify(catalogue)
    guard audit.isGood else { return ["after a second try: \(audit.lines.first ?? audit.errors)"] }
    let count = try self.count()
    return count == (work == .create ? 0 : Self.rows) ? [] : ["holds \(count ?? -1) items after a second try"]
  }

  private func count() throws -> Int? {
    let session = try bench.serve(catalogue)
    defer { _ = session.close() }
    return session.ask(.count)?.result?.count
  }
}
