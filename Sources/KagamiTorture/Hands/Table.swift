import Foundation

/// A catalogue that several processes work on, and everything that they were told.
struct Table {
  let bench: Bench
  let catalogue: String
  let metric: Metric
  let dimension: Int
  var random: Randomness
  var edits: HandEdits
  var history: History
  var findings: [Finding] = []
  var looks: [Look] = []
  /// Figures for the final table.
  var figures = HandFigures()
  private var writers = 0

  /// Makes a catalogue with some items.
  ///
  /// - Throws: ``Refusal`` where that fails.
  init(_ bench: Bench, _ name: String, metric: Metric, _ random: Randomness, dimension: Int = 16) throws {
    (self.bench, self.metric, self.dimension, self.random) = (bench, metric, dimension, random)
    catalogue = try bench.create("\(name).kagami", dimension: dimension, metric: metric)
    edits = HandEdits(random, dimension: dimension)
    let edit = edits.beginning()
    let session = try bench.serve(catalogue)
    let answer = session.ask(edit.request)
    if self.random.oneIn(2) { _ = session.ask(.build) }
    guard let sequence = answer?.result?.seq, session.close() == .exit(0) else {
      throw Refusal("no catalogue for several hands: \(session.child.errorText)")
    }
    var state = CatalogueState()
    state.apply(edit)
    history = History(state, sequence: sequence)
  }

  /// Takes a catalogue that is there.
  init(
    _ bench: Bench, at catalogue: String, _ history: History, metric: Metric, _ random: Randomness, dimension: Int = 16
  ) {
    (self.bench, self.catalogue, self.history) = (bench, catalogue, history)
    (self.metric, self.dimension, self.random) = (metric, dimension, random)
    edits = HandEdits(random, dimension: dimension)
  }

  /// The last revision that anybody was told.
  var sequence: Int { history.sequence }

  mutating func note(_ check: Finding.Check, _ text: String) { findings.append(Finding(check: check, text: text)) }

  mutating func nextWriter() -> Int {
    writers += 1
    return writers
  }

  // MARK: Engines

  /// Starts an engine that will edit.
  mutating func engine(_ options: [String] = [], environment: [String: String] = [:]) throws -> EngineHand {
    let session = try bench.serve(catalogue, options: options, environment: environment)
    let hand = EngineHand(session, writer: nextWriter(), onlooker(session))
    figures.engines += 1
    return hand
  }

  /// Starts an engine that only reads.
  mutating func reader() throws -> Onlooker { onlooker(try bench.serve(catalogue, options: ["--read-only"])) }

  private mutating func onlooker(_ session: EngineSession) -> Onlooker {
    Onlooker(session, Randomness(random.next()), dimension: dimension)
  }

  /// Sends one edit or more.
  mutating func act(_ hand: inout EngineHand, count: Int) {
    for _ in 0..<count {
      switch Int.random(in: 0..<12, using: &random) {
      case 0: hand.send(.compact)
      case 1: hand.send(.build)
      default: hand.send(.edit(edits.next()))
      }
    }
  }

  /// Takes the answers to edits.
  mutating func collect(_ hand: inout EngineHand) {
    figures.refused += hand.collect(into: &history, &findings)
  }

  /// Takes what an onlooker noted.
  mutating func collect(_ onlooker: inout Onlooker) {
    let (looks, findings) = onlooker.take()
    self.looks += looks
    self.findings += findings
  }

  /// Ends an engine, and takes everything that it told.
  mutating func end(_ hand: inout EngineHand, killing: Bool) {
    if killing {
      hand.session.kill()
      figures.kills += 1
    } else {
      hand.wait()
      let end = hand.session.close()
      if end != .exit(0) {
        note(
          .process,
          "an engine ended with \(end.map { "\($0)" } ?? "nothing"): \(hand.session.child.errorText.suffix(200))")
      }
    }
    collect(&hand)
    hand.abandon(into: &history)
    collect(&hand.onlooker)
    for text in hand.session.garbage { note(.process, "no answer: \(text)") }
  }

  // MARK: Commands

  /// A command that is under way.
  struct Running {
    var command: HandCommand
    var process: RunningCommand
    var writer: Int
    var isKilled = false
    /// The last revision that was told when it began.
    var begun: Int
  }

  /// Starts a command.
  mutating func start(
    _ kind: HandCommand.Kind, waiting: Int?, environment: [String: String] = [:]
  ) throws -> Running {
    let command = try HandCommand(kind, catalogue, folder: bench.folder, waiting: waiting, &edits, &random)
    return try start(command, environment: environment)
  }

  mutating func start(_ command: HandCommand, environment: [String: String] = [:]) throws -> Running {
    figures.commands[command.kind.rawValue, default: 0] += 1
    let process = try RunningCommand(
      [bench.options.engine] + command.words, input: command.input, environment: environment)
    return Running(command: command, process: process, writer: nextWriter(), begun: sequence)
  }

  /// Waits for a command, and takes what it told.
  @discardableResult
  mutating func finish(_ running: Running) -> CommandOutcome {
    let outcome = running.process.outcome()
    take(outcome, of: running)
    return outcome
  }

  /// Takes what a command told.
  mutating func take(_ outcome: CommandOutcome, of running: Running) {
    let command = running.command
    if case .signal(SIGKILL)? = outcome.end, running.isKilled {
      figures.kills += 1
      if let sequence = outcome.result?.seq {
        accept(command, outcome, sequence, running)
      } else if command.edit != nil || command.kind == .compact {
        history.leaveOpen(command.edit.map { [$0] } ?? [], after: running.begun)
      }
    } else if outcome.isGood {
      accept(command, outcome, outcome.result?.seq ?? outcome.number(after: "revision"), running)
    } else if command.isRefused(outcome) {
      figures.refused += 1
    } else {
      note(command.kind == .verify ? .unreadable : .process, "kagami \(command.kind) ended with \(outcome.complaint)")
    }
  }

  private mutating func accept(_ command: HandCommand, _ outcome: CommandOutcome, _ sequence: Int?, _ running: Running)
  {
    switch command.kind {
    case .verify, .build: return
    case .backup: lookAtBackup(command)
    case .export:
      guard let target = command.target, let sequence,
        let items = Export.items(vectors: "\(target).npy", metadata: "\(target).meta", dimension: dimension)
      else { return note(.copy, "an export cannot be read: \(outcome.lines)") }
      looks.append(Look(question: .scroll, sequence: sequence, items: items))
    case .add, .remove, .compact, .import, .members, .works:
      guard let sequence else { return note(.process, "kagami \(command.kind) tells no revision: \(outcome.lines)") }
      if let members = outcome.result?.members {
        looks.append(Look(question: .members, sequence: sequence, members: members))
      } else if command.edit != nil || command.kind == .compact {
        history.acknowledge(
          .init(
            sequence: sequence, edit: command.edit, writer: running.writer, removed: outcome.result?.removedKeys))
      }
    }
  }

  /// A backup is a catalogue like the original, as of one revision.
  private mutating func lookAtBackup(_ command: HandCommand) {
    guard let target = command.target else { return }
    defer { try? FileManager.default.removeItem(atPath: target) }
    guard let check = try? bench.verify(target), check.isGood, let session = try? bench.serve(target) else {
      return note(.copy, "a backup does not verify")
    }
    var onlooker = onlooker(session)
    onlooker.scroll(limit: 1000)
    collect(&onlooker)
    _ = session.close()
  }
}

/// What was done, in figures.
struct HandFigures {
  var engines = 0
  var kills = 0
  var refused = 0
  var commands: [String: Int] = [:]
}

extension Tally {
  /// Takes over figures.
  mutating func add(_ figures: HandFigures) {
    writers += figures.engines + figures.commands.values.reduce(0, +)
    kills += figures.kills
    refusedToOthers += figures.refused
    commandsByName.merge(figures.commands) { $0 + $1 }
  }
}
