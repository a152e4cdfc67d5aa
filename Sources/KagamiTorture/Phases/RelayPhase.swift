import Foundation

/// S16: a process is killed, another one does something and ends, and then the power goes.
///
/// What the second leaves in force must not depend on anything that the first wrote and nobody synced.
struct RelayPhase {
  private let bench: Bench
  private let shim: Shim
  private var random: Randomness
  /// A catalogue that is begun, and one whose next rows fill a file and begin another.
  private var starts: [Start] = []

  private static let metric = Metric.innerProduct
  private static let dimension = 16
  /// Rows of one file, for rows of this width.
  private static let rowsOfFile = 65_536

  private static let timeToFill = Duration.seconds(20)

  /// What trials begin with.
  private struct Start {
    var catalogue: String
    var history: History
  }

  init(_ bench: Bench) throws {
    self.bench = bench
    shim = try Shim(source: bench.options.shimSource, folder: bench.folder)
    random = bench.random("relay")
    let table = try Table(bench, "relay-base", metric: Self.metric, Randomness(random.next()))
    starts.append(Start(catalogue: table.catalogue, history: table.history))
  }

  /// A catalogue of few items whose row file has room for three more rows.
  private mutating func fullFile() throws -> Start {
    var table = try Table(bench, "relay-full", metric: Self.metric, Randomness(random.next()))
    let used = table.history.base.items.count
    let file = "\(bench.folder)/relay.fvecs"
    var bytes = Data()
    for row in 0..<Self.rowsOfFile - used - 3 {
      for word in [UInt32(Self.dimension)] + (0..<Self.dimension).map({ Float(1 + (row >> ($0 & 7)) & 1).bitPattern }) {
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
      }
    }
    try bytes.write(to: URL(fileURLWithPath: file))
    let wait = ["--key-prefix", "x"]
    let outcome = try CommandOutcome([bench.options.engine, "import", table.catalogue, "--vectors", file] + wait)
    guard outcome.isGood else { throw Refusal("no catalogue with a full file: \(outcome.complaint)") }
    // The items go, their rows stay.
    let session = try bench.serve(table.catalogue)
    let keys = (Onlooker.steady + ["h0", "h1", "h2"]).map { "\"\($0)\"" }.joined(separator: ",")
    let filter = "{\"must_not\":[{\"key\":\"key\",\"match\":{\"any\":[\(keys)]}}]}"
    let answer = session.ask(Request(method: "items.remove", params: "{\"filter\":\(filter)}"))
    guard let sequence = answer?.result?.seq, session.close() == .exit(0) else {
      throw Refusal("no catalogue with a full file: \(answer?.error?.message ?? "")")
    }
    var state = table.history.base
    state.items = state.items.filter { keys.contains("\"\($0.key)\"") }
    table.history = History(state, sequence: sequence)
    return Start(catalogue: table.catalogue, history: table.history)
  }

  /// Runs until the time is over.
  mutating func run(until deadline: ContinuousClock.Instant, _ tally: inout Tally) throws {
    // To fill a file takes a while.
    if deadline - .now > Self.timeToFill { try starts.append(fullFile()) }
    var number = 0
    while ContinuousClock.now < deadline {
      number += 1
      let isFull = number % 3 == 0 && starts.count > 1
      let start = starts[isFull ? 1 : 0]
      let plan = RelayPlan(isFull: isFull, &random)
      var table = try Table(
        bench, copying: start.catalogue, start.history, metric: Self.metric, Randomness(random.next()))
      try table.relay(plan, shim, &tally)
      _ = try table.judge(verifies: random.oneIn(2), &tally, "relay \(number), \(plan)")
    }
  }
}

/// Who does what until the power goes.
struct RelayPlan: CustomStringConvertible {
  /// The commit at which the first process is killed.
  var killed: Int
  /// What the second process does; nil: it is an engine that does one edit.
  var second: HandCommand.Kind?
  /// Where the power goes in the second process; nil: after it.
  var cut: Shim.Plan?
  /// 0: everything that is not synced goes, otherwise about half.
  var seed: Int
  var lie = Shim.Lie.none

  /// A plan that is not left to chance.
  init(killed: Int, second: HandCommand.Kind?, cut: Shim.Plan?, seed: Int) {
    (self.killed, self.second, self.cut, self.seed) = (killed, second, cut, seed)
  }

  init(isFull: Bool, _ random: inout Randomness) {
    killed = Int.random(in: isFull ? 2...8 : 2...12, using: &random)
    let kinds: [HandCommand.Kind?] = [
      .remove, .remove, .remove, .add, .members, .works, .compact, .import, .build, nil,
    ]
    second = kinds.randomElement(using: &random) ?? .remove
    seed = random.oneIn(3) ? Int.random(in: 1...1 << 30, using: &random) : 0
    guard random.oneIn(2) else { return }
    let file = [Shim.FileKind.rows, .wal, .wal, .sqlite, .directory].randomElement(using: &random) ?? .wal
    let call: Shim.Call = file == .sqlite || file == .wal ? (random.oneIn(2) ? .write : .sync) : .sync
    cut = Shim.Plan(
      file: file, call: call, number: Int.random(in: 1...4, using: &random), action: .powerCut, hasNextLife: true,
      seed: seed)
  }

  var description: String {
    "killed at sync \(killed) of the log, then \(second.map { "kagami \($0)" } ?? "an engine"), then the power cut"
      + (cut.map { " at \($0.point)" } ?? "")
  }
}

extension Table {
  /// A copy of a catalogue.
  init(_ bench: Bench, copying other: String, _ history: History, metric: Metric, _ random: Randomness) throws {
    try self.init(bench, at: bench.copy(other, to: "relay.kagami"), history, metric: metric, random)
  }

  /// Kills the first process, lets the second do its work, and cuts the power.
  mutating func relay(_ plan: RelayPlan, _ shim: Shim, _ tally: inout Tally) throws {
    let kill = Shim.Plan(file: .wal, call: .sync, number: plan.killed, action: .killAfter, hasNextLife: true)
    var first = try engine(environment: try shim.environment(kill, catalogue: catalogue))
    for _ in 0..<plan.killed + 2 where !first.session.isOver {
      // One commit an edit.
      first.send(.edit(edits.upsert()))
      first.wait()
    }
    finishShort(&first)
    var cut = plan.cut ?? .remember
    cut.lie = plan.lie
    cut.isNextLife = true
    let environment = try shim.environment(cut, catalogue: catalogue)
    if let kind = plan.second {
      var running = try start(kind, waiting: 60, environment: environment)
      running.isKilled = plan.cut != nil
      finish(running)
    } else {
      var second = try engine(environment: environment)
      second.send(.edit(edits.next()))
      second.wait()
      finishShort(&second)
    }
    tally.changesTakenBack += shim.counts.takenBack
    // The power goes for good once nobody is there.
    _ = try CommandOutcome(["/bin/true"], environment: shim.powerCut(catalogue: catalogue, seed: plan.seed))
    tally.changesTakenBack += shim.counts.takenBack
    tally.laterPowerCuts += 1
  }

  /// Takes what an engine told that may have been killed.
  private mutating func finishShort(_ hand: inout EngineHand) {
    if hand.session.close() == .signal(SIGKILL) { figures.kills += 1 }
    collect(&hand)
    hand.abandon(into: &history)
  }
}
