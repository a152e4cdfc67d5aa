import Foundation

/// Pairs whose traces are in files.
extension RivalsPhase {
  /// S18: one waits or is refused; no snapshot of rows that are gone is in force afterwards.
  mutating func buildBesideCompaction() throws {
    var table = try table("build")
    var hand = try table.engine()
    // Enough rows for both to take some time.
    for round in 0..<3 {
      let entries = (0..<800).map { number in
        ModelEdit.Entry(key: "b\(round)-\(number)", item: .init(vector: random.vector(table.dimension)))
      }
      hand.send(.edit(ModelEdit(action: .upsert(entries, isAtomic: true))))
    }
    hand.send(.build)
    hand.wait()
    hand.send(.edit(ModelEdit(action: .remove((0..<400).map { "b0-\($0)" }))))
    var running: [Table.Running] = []
    if random.oneIn(2) {
      try raceInside(&hand)
    } else {
      table.end(&hand, killing: false)
      for kind in [HandCommand.Kind.build, .compact].shuffled(using: &random) {
        running.append(try table.start(kind, waiting: random.oneIn(2) ? 90 : nil))
        usleep(UInt32.random(in: 0...60_000, using: &random))
      }
      for process in running { table.finish(process) }
      hand = try table.engine()
    }
    hand.wait()
    table.collect(&hand)
    if let health = hand.session.ask(.health)?.result, health.state != "ok" {
      note(.degraded, "the engine is \(health.state ?? ""): \(health.reasons?.first ?? "")")
    }
    table.end(&hand, killing: false)
    try finish(&table)
  }

  private mutating func raceInside(_ hand: inout EngineHand) throws {
    for _ in 0..<3 {
      for act in [EngineHand.Act.build, .compact].shuffled(using: &random) {
        hand.send(act)
        hand.session.pump(for: .milliseconds(Int.random(in: 0...40, using: &random)))
      }
    }
  }

  /// Compares what is there with what was told.
  mutating func finish(_ table: inout Table) throws {
    try table.settle(verifies: true, &tally)
    findings += table.findings
    tally.add(table.figures)
  }

  /// S19: what a crash may leave of a row file is refused by name, or begun anew.
  mutating func spoilRowFile(_ way: Int? = nil) throws {
    var table = try table("rows")
    let isNew = random.oneIn(2)
    if isNew { table = try emptyTable() }
    let folder = "\(table.catalogue)/rows"
    let file = "\(folder)/000001.rows"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    switch isNew ? way ?? Int.random(in: 0..<3, using: &random) : 3 {
    case 0: try Data().write(to: URL(fileURLWithPath: file))
    case 1: try Data(count: 4096).write(to: URL(fileURLWithPath: file))
    case 2: try Data(count: 300_000).write(to: URL(fileURLWithPath: file))
    default:
      var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      bytes.replaceSubrange(0..<4096, with: Data(count: 4096))
      try bytes.write(to: URL(fileURLWithPath: file))
    }
    let command = try HandCommand(
      random.oneIn(2) ? .add : .import, table.catalogue, folder: bench.folder, waiting: nil, &table.edits, &random)
    let running = try table.start(command)
    let outcome = running.process.outcome()
    guard outcome.isGood else {
      let isNamed = outcome.errors.contains("000001.rows")
      if !isNamed { note(.process, "a row file without a header is not named: \(outcome.complaint)") }
      return
    }
    table.take(outcome, of: running)
    try finish(&table)
  }

  private mutating func emptyTable() throws -> Table {
    let catalogue = try bench.create("rivals-empty.kagami", dimension: 16, metric: .innerProduct)
    return Table(
      bench, at: catalogue, History(CatalogueState(), sequence: 0), metric: .innerProduct, Randomness(random.next()))
  }

  /// Where `verify --removed` says that an item's vector is gone, no file of the catalogue has it.
  mutating func removeForGood(planting: ((String, Data) throws -> Void)? = nil) throws {
    var table = try table("removal")
    // Numbers that nothing else has.
    let numbers = (0..<table.dimension).map { _ in Float(Int.random(in: 1100...2000, using: &random)) }
    let row = Export.halves(numbers)
    var hand = try table.engine()
    hand.send(.edit(ModelEdit(action: .upsert([.init(key: "secret", item: .init(vector: numbers))], isAtomic: true))))
    for _ in 0..<3 { hand.send(.edit(table.edits.upsert())) }
    if random.oneIn(2) { hand.send(.build) }
    hand.wait()
    // A reader keeps the log from being emptied.
    let reader = random.oneIn(2) ? try table.reader() : nil
    hand.send(.edit(ModelEdit(action: .remove(["secret"]))))
    hand.wait()
    if random.oneIn(2) { hand.send(.compact) }
    hand.wait()
    let staysOpen = random.oneIn(2)
    if !staysOpen { table.end(&hand, killing: random.oneIn(3)) }
    if !staysOpen, random.oneIn(2) { table.finish(try table.start(.compact, waiting: 60)) }
    try planting?(table.catalogue, row)
    let words = [bench.options.engine, "verify", table.catalogue, "--removed", "secret", "--json"]
    let outcome = try CommandOutcome(words)
    if outcome.isGood || outcome.result?.gone == true {
      for file in Self.files(below: table.catalogue) where file.bytes.range(of: row) != nil {
        note(.remains, "said to be gone, and its vector is in \(file.name)")
      }
    }
    if staysOpen { table.end(&hand, killing: false) }
    if var reader {
      table.collect(&reader)
      _ = reader.session.close()
    }
    try finish(&table)
  }

  private static func files(below folder: String) -> [(name: String, bytes: Data)] {
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    return names.sorted().compactMap { name in
      (try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))).map { (name, $0) }
    }
  }

  /// An `op_id` belongs to one edit; with another it is refused.
  mutating func nameTwice(altering alteration: ((inout Answer) -> Void)? = nil) throws {
    var table = try table("operation")
    let hand = try table.engine()
    let (first, other) = (table.edits.upsert(), table.edits.upsert())
    func named(_ action: ModelEdit.Action) -> ModelEdit { ModelEdit(action: action, operation: "once") }
    let told = hand.session.ask(named(first.action).request)?.result
    if let sequence = told?.seq {
      table.history.acknowledge(.init(sequence: sequence, edit: first, writer: hand.writer, removed: nil))
    }
    if hand.session.ask(named(first.action).request)?.result?.repeated != true {
      note(.operation, "an edit that was sent again is not told to be repeated")
    }
    hand.session.alteration = alteration
    for action in [other.action, .remove(table.edits.keys()), .removeLabel(1)] {
      let answer = hand.session.ask(named(action).request)
      if answer?.error?.data.kind != "conflict" {
        note(
          .operation, "the op_id of an upsert on another edit is answered \(answer?.error?.data.kind ?? "as if done")")
      }
    }
    _ = hand.session.close()
    try finish(&table)
  }
}
