import Foundation

/// Breaks catalogues in every way that can be thought of, and compares what is left with what was promised.
@main
enum Torture {
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      let bench = try Bench(options)
      defer { bench.clean() }
      exit(try run(bench).isGood ? 0 : 1)
    } catch {
      Output.line("kagami-torture: \(error)")
      exit(64)
    }
  }

  private static func run(_ bench: Bench) throws -> Tally {
    let options = bench.options
    guard FileManager.default.isExecutableFile(atPath: options.engine) else {
      throw Refusal("\(options.engine): no such program; build it first")
    }
    Output.line("seed \(options.seed), \(Int(options.seconds)) s; repeat with --seed \(options.seed)")
    var tally = Tally()
    tally.seed = options.seed
    let start = ContinuousClock.now
    for phase in options.phases {
      let begin = ContinuousClock.now
      try run(phase, bench, until: begin + .seconds(options.seconds * share(of: phase, options)), &tally)
      Output.line("\(phase.rawValue): \(summary(of: phase, tally)), \(seconds(since: begin)) s")
    }
    tally.seconds = (ContinuousClock.now - start) / .seconds(1)
    for note in tally.notes { Output.line("  ! \(note)") }
    Output.line(tally.table)
    Output.line(
      tally.isGood ? "everything holds that must" : "NOT everything holds; repeat with --seed \(options.seed)")
    if let file = options.json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(tally).write(to: URL(fileURLWithPath: file))
    }
    return tally
  }

  /// The part of the time that a phase has.
  private static func share(of phase: Options.Phase, _ options: Options) -> Double {
    func weight(_ phase: Options.Phase) -> Double {
      switch phase {
      case .crash: 0.2
      case .hands: 0.25
      case .readers: 0.08
      case .relay: 0.1
      case .rivals: 0.06
      case .points: 0.14
      case .making: 0.05
      case .corrupt: 0.08
      case .forged: 0.05
      // These have a fixed list.
      case .planted, .plantedHands, .limits: 0.03
      }
    }
    return weight(phase) / options.phases.map(weight).reduce(0, +)
  }

  private static func run(
    _ phase: Options.Phase, _ bench: Bench, until deadline: ContinuousClock.Instant, _ tally: inout Tally
  ) throws {
    switch phase {
    case .crash:
      var loop = CrashLoop(bench)
      try loop.run(until: deadline, &tally)
    case .hands:
      var hands = HandsPhase(bench)
      try hands.run(until: deadline, &tally)
    case .readers:
      var readers = ReadersPhase(bench)
      try readers.run(until: deadline, &tally)
    case .relay:
      var relay = try RelayPhase(bench)
      try relay.run(until: deadline, &tally)
    case .rivals:
      var rivals = try RivalsPhase(bench)
      try rivals.run(until: deadline, &tally)
    case .points:
      var points = try FaultPoints(bench)
      try points.run(until: deadline, &tally)
    case .making:
      var points = try MakingPoints(bench)
      try points.run(until: deadline, &tally)
    case .corrupt, .forged:
      var files = try CorruptFiles(bench, forges: phase == .forged)
      try files.run(until: deadline, &tally)
    case .planted:
      var faults = PlantedFaults(bench)
      try faults.run(&tally)
    case .plantedHands:
      var faults = try PlantedHands(bench)
      try faults.run(&tally)
    case .limits:
      var limits = try LimitsPhase(bench)
      try limits.run(&tally)
    }
  }

  private static func summary(of phase: Options.Phase, _ tally: Tally) -> String {
    switch phase {
    case .crash:
      "\(tally.kills) kills, \(tally.acknowledgedEdits) edits acknowledged, \(tally.lost) lost, \(tally.phantom) phantom"
    case .hands: "\(tally.turns) turns, \(tally.races) races, \(tally.writers) writers, \(tally.lost) lost"
    case .readers: "\(tally.looksCompared) answers compared so far, \(tally.wrongAnswers) wrong"
    case .relay: "\(tally.laterPowerCuts) power cuts after another process"
    case .rivals: "\(tally.rivals) pairs"
    case .points: "\(tally.faultPointsHit) of \(tally.faultPointsKnown) points hit"
    case .making: "\(tally.makingPointsHit) of \(tally.makingPointsKnown) points of create and import hit"
    case .corrupt, .forged: "\(tally.corruptTried) files tried, \(tally.corruptWrongAnswers) wrong answers"
    case .planted, .plantedHands: "\(tally.plantedCaught) of \(tally.plantedTried) caught"
    case .limits: "\(tally.limitsHeld) of \(tally.limitsTried) held"
    }
  }

  private static func seconds(since begin: ContinuousClock.Instant) -> String {
    String(format: "%.1f", (ContinuousClock.now - begin) / .seconds(1))
  }
}
