import Foundation

/// Faults of several hands and of answers, planted from outside; each must be found by the check that is meant for it.
struct PlantedHands {
  let bench: Bench
  private let shim: Shim

  init(_ bench: Bench) throws {
    self.bench = bench
    shim = try Shim(source: bench.options.shimSource, folder: bench.folder)
  }

  /// What is planted.
  enum Plant: String, CaseIterable {
    // Acknowledged data destroyed.
    case exchangedRows = "a compaction that exchanges rows"
    case cutRows = "a compaction that leaves its file too short"
    case otherFilter = "a removal by filter that sees another view"
    case lyingRows = "a journal that is emptied before its rows are on disk"
    case removedCatalogue = "a failed import that removes another's catalogue"
    case spoiltHeader = "a row file whose header is zero"
    case deadSnapshot = "a snapshot of rows that are gone"
    case twoWriters = "a lock that everybody gets"
    // Wrong answers.
    case shortPage = "a page of matches without one of them, and complete"
    case shortPageByKey = "the same by key"
    case steadyKeyLost = "a key that is replaced and not found"
    case fallingRevision = "a revision that falls"
    case staleMinimum = "an answer older than min_seq"
    case exchangedVectors = "two items with each other's vectors"
    case shortGroup = "a work whose count is cut"
    case doublePage = "an item on two pages"
    case wrongCount = "a filter that sees another view"
    case longCosine = "a cosine above 1"
    case shortCosine = "an equal vector below 1"
    case remains = "a removed vector that is still in a file"
    case sharedOperation = "an op_id that answers for another edit"
    case halfExport = "an export without an item"

    /// The checks of which one must find it.
    var checks: Set<Finding.Check> {
      switch self {
      case .exchangedRows: [.lost]
      case .cutRows, .spoiltHeader: [.unreadable]
      case .otherFilter: [.receipt]
      case .lyingRows, .removedCatalogue: [.unreadable, .lost]
      case .deadSnapshot: [.degraded]
      case .twoWriters: [.revision, .lost, .unreadable, .process]
      case .shortPage, .shortPageByKey: [.matches]
      case .steadyKeyLost: [.steadyKey]
      case .fallingRevision, .staleMinimum: [.sequence]
      case .exchangedVectors: [.items]
      case .shortGroup: [.groups]
      case .doublePage: [.scroll]
      case .wrongCount: [.count]
      case .longCosine, .shortCosine: [.cosine]
      case .remains: [.remains]
      case .sharedOperation: [.operation]
      case .halfExport: [.scroll, .copy]
      }
    }
  }

  /// Plants each, and does the same without it.
  mutating func run(_ tally: inout Tally) throws {
    for plant in Plant.allCases {
      if let finding = try findings(plant, isPlanted: false).first {
        tally.otherViolations += 1
        tally.note("without \(plant.rawValue): \(finding.check.rawValue): \(finding.text)")
      }
      tally.plantedTried += 1
      let found = Set(try findings(plant, isPlanted: true).map(\.check))
      if found.isDisjoint(with: plant.checks) {
        tally.note("planted: \(plant.rawValue) was not caught, but \(found.map(\.rawValue))")
      } else {
        tally.plantedCaught += 1
      }
    }
  }

  private func findings(_ plant: Plant, isPlanted: Bool) throws -> [Finding] {
    switch plant {
    case .exchangedRows, .cutRows, .spoiltHeader, .removedCatalogue, .deadSnapshot: try damage(plant, isPlanted)
    case .otherFilter: try mislead(isPlanted)
    case .lyingRows: try lie(isPlanted)
    case .twoWriters: try openBoth(isPlanted)
    case .remains, .sharedOperation: try rival(plant, isPlanted)
    case .halfExport: try export(isPlanted)
    default: try alter(plant, isPlanted)
    }
  }

  private func table(_ metric: Metric = .innerProduct) throws -> Table {
    try Table(bench, "planted-hands", metric: metric, bench.random("planted hands"))
  }

  private func settled(_ table: inout Table) throws -> [Finding] {
    var tally = Tally()
    try table.settle(verifies: false, &tally)
    return table.findings
  }

  // MARK: Data

  /// A turn of an engine, a command and a compaction, after which files are as a broken compaction or import leaves them.
  private func damage(_ plant: Plant, _ isPlanted: Bool) throws -> [Finding] {
    var table = try table()
    table.finish(try table.start(.build, waiting: 60))
    let older = try bench.copy(table.catalogue, to: "older-hands.kagami")
    table.finish(try table.start(.remove, waiting: 60))
    table.finish(try table.start(.add, waiting: 60))
    table.finish(try table.start(.compact, waiting: 60))
    guard isPlanted else { return try settled(&table) }
    let files = FileManager.default
    let folder = try files.contentsOfDirectory(atPath: table.catalogue).first { $0.hasPrefix("rows.") } ?? "rows"
    let rows = URL(fileURLWithPath: "\(table.catalogue)/\(folder)/000001.rows")
    var bytes = try Data(contentsOf: rows)
    switch plant {
    case .exchangedRows:
      // The last two rows of the file, 64 bytes each.
      let (end, middle) = (bytes.count, bytes.count - 64)
      let (last, first) = (bytes.subdata(in: middle..<end), bytes.subdata(in: middle - 64..<middle))
      bytes.replaceSubrange(middle - 64..<end, with: last + first)
    case .cutRows: bytes.removeLast(640)
    case .spoiltHeader: bytes.replaceSubrange(0..<4096, with: Data(count: 4096))
    case .deadSnapshot:
      for name in ["index", "CURRENT"] {
        try files.removeItem(atPath: "\(table.catalogue)/\(name)")
        try files.copyItem(atPath: "\(older)/\(name)", toPath: "\(table.catalogue)/\(name)")
      }
    default: try files.removeItem(atPath: table.catalogue)
    }
    if plant != .removedCatalogue { try bytes.write(to: rows) }
    return try settled(&table)
  }

  /// The engine removes by another filter than it was asked for.
  private func mislead(_ isPlanted: Bool) throws -> [Finding] {
    var table = try table()
    var hand = try table.engine()
    let labels = table.history.base.items.values.compactMap(\.label).sorted()
    let (asked, done) = (labels.first ?? 0, (isPlanted ? labels.last : labels.first) ?? 1)
    let answer = hand.session.ask(ModelEdit(action: .removeLabel(done)).request)?.result
    table.history.acknowledge(
      .init(
        sequence: answer?.seq ?? 0, edit: ModelEdit(action: .removeLabel(asked)), writer: hand.writer,
        removed: answer?.removedKeys))
    table.end(&hand, killing: false)
    return try settled(&table)
  }

  /// Syncs of row files do nothing in the process after the one that was killed.
  private func lie(_ isPlanted: Bool) throws -> [Finding] {
    var table = try table()
    var (plan, tally) = (RelayPlan(killed: 6, second: .compact, cut: nil, seed: 0), Tally())
    plan.lie = isPlanted ? .rows : .none
    try table.relay(plan, shim, &tally)
    return try settled(&table)
  }

  /// Two engines that hold the same lock.
  private func openBoth(_ isPlanted: Bool) throws -> [Finding] {
    var table = try table()
    let environment = try shim.locks(catalogue: table.catalogue, delayedBy: isPlanted ? nil : 0)
    var hands = [try table.engine(environment: environment), try table.engine(environment: environment)]
    for _ in 0..<6 {
      for place in hands.indices { hands[place].send(.edit(table.edits.upsert())) }
      for hand in hands { hand.wait() }
    }
    for place in hands.indices { table.end(&hands[place], killing: false) }
    return try settled(&table)
  }

  private func rival(_ plant: Plant, _ isPlanted: Bool) throws -> [Finding] {
    var rivals = try RivalsPhase(bench)
    if plant == .sharedOperation {
      let alteration = { (answer: inout Answer) -> Void in
        if answer.error != nil { answer = Answer(id: answer.id, result: Answer.Result(seq: 2, repeated: true)) }
      }
      try rivals.nameTwice(altering: isPlanted ? alteration : nil)
      return rivals.findings
    }
    // Until one of the ways to remove an item says that it is gone.
    for _ in 0..<12 where !rivals.findings.contains(where: { $0.check == .remains }) {
      try rivals.removeForGood { catalogue, row in
        guard isPlanted else { return }
        try (Data(repeating: 1, count: 512) + row).write(to: URL(fileURLWithPath: "\(catalogue)/rows.left"))
      }
    }
    return rivals.findings
  }

  private func export(_ isPlanted: Bool) throws -> [Finding] {
    var table = try table()
    let running = try table.start(.export, waiting: nil)
    _ = running.process.outcome()
    let items = Export.items(
      vectors: "\(running.command.target ?? "").npy", metadata: "\(running.command.target ?? "").meta",
      dimension: table.dimension)
    table.looks.append(
      Look(question: .scroll, sequence: table.sequence, items: (items ?? []).dropLast(isPlanted ? 1 : 0)))
    return try settled(&table)
  }
}
