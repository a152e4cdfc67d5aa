import Foundation

/// Engines that break their promises on purpose: a harness that does not catch them is broken.
struct PlantedFaults {
  private let bench: Bench
  private let dimension = 16
  private let metric = Metric.innerProduct

  /// Prepares nothing.
  init(_ bench: Bench) { self.bench = bench }

  /// A broken publisher, imitated from outside.
  private enum Plant: String, CaseIterable {
    /// A published row is overwritten in place.
    case overwrittenRow = "a row overwritten in place"
    /// Commits are forgotten: the record is that of an earlier revision.
    case olderRecord = "an older record put back"
    /// Edits are acknowledged before they are done.
    case earlyAnswer = "answers before the edits"
    /// Syncs do nothing, and the power goes.
    case lyingSync = "syncs that do nothing"
    /// An edit is done without its last item.
    case partialEdit = "an edit done in part"
  }

  /// Tries every one, and each without its fault too.
  mutating func run(_ tally: inout Tally) throws {
    for plant in Plant.allCases {
      let sound = try attempt(plant, isPlanted: false)
      if !sound.isClean {
        tally.otherViolations += 1
        tally.note("without \(plant.rawValue): \(sound.notes.first ?? "")")
      }
      tally.plantedTried += 1
      let audit = try attempt(plant, isPlanted: true)
      if audit.lost + audit.phantom + audit.torn > 0 {
        tally.plantedCaught += 1
      } else {
        tally.note("\(plant.rawValue) was not caught")
      }
    }
  }

  private func attempt(_ plant: Plant, isPlanted: Bool) throws -> Audit {
    let catalogue = try bench.create("planted.kagami", dimension: dimension, metric: metric)
    var (ledger, maker) = (Ledger(), EditMaker(bench.random("planted"), dimension: dimension))
    let first = try bench.serve(catalogue)
    for _ in 0..<20 { send(maker.next(), to: first, &ledger) }
    guard first.close() == .exit(0) else { throw Refusal("no catalogue to plant faults in: \(first.child.errorText)") }
    ledger.settle(first.answers)
    let older = try bench.copy(catalogue, to: "older.kagami")
    let environment = try environment(plant, isPlanted, catalogue)
    let second = try bench.serve(catalogue, environment: environment)
    for _ in 0..<20 where !second.isOver {
      send(maker.next(), to: second, &ledger)
      // One commit an edit, so that the point is reached.
      if plant == .lyingSync { _ = second.ask(.count) }
    }
    if plant == .partialEdit { addPartialEdit(second, &ledger, isPlanted) }
    if plant == .earlyAnswer, isPlanted {
      forge(&ledger)
    } else {
      _ = second.ask(.count)
    }
    second.kill()
    ledger.settle(second.answers)
    if isPlanted { try damage(plant, catalogue, older) }
    return Audit(try bench.serve(catalogue), ledger, metric: metric, queries: [maker.query(), maker.query()])
  }

  private func send(_ edit: ModelEdit, to session: EngineSession, _ ledger: inout Ledger) {
    ledger.sent(edit, id: session.send(edit.request))
    session.pump(for: .zero)
  }

  private func environment(_ plant: Plant, _ isPlanted: Bool, _ catalogue: String) throws -> [String: String] {
    guard plant == .lyingSync else { return [:] }
    // The tenth sync of the log: by then some edits are acknowledged.
    let shim = try Shim(source: bench.options.shimSource, folder: bench.folder)
    return try shim.environment(
      Shim.Plan(file: .wal, call: .sync, number: 10, action: .powerCut, lie: isPlanted ? .all : .none),
      catalogue: catalogue)
  }

  /// An answer to every edit, before the engine has done one.
  private func forge(_ ledger: inout Ledger) {
    let answers = ledger.pending.map { ($0.id, Answer(id: $0.id, result: Answer.Result(seq: ledger.sequence))) }
    ledger.settle(Dictionary(answers) { $1 })
  }

  /// The ledger is told of an item more than the engine: what an engine would leave that stops in the middle of an edit.
  private func addPartialEdit(_ session: EngineSession, _ ledger: inout Ledger, _ isPlanted: Bool) {
    let entries = (0..<3).map { number in
      ModelEdit.Entry(
        key: "part-\(number)", item: .init(vector: [Float](repeating: Float(number + 1), count: dimension)))
    }
    let whole = ModelEdit(action: .upsert(entries, isAtomic: true))
    let part = ModelEdit(action: .upsert(Array(entries.dropLast()), isAtomic: true))
    ledger.sent(whole, id: session.send((isPlanted ? part : whole).request))
  }

  private func damage(_ plant: Plant, _ catalogue: String, _ older: String) throws {
    switch plant {
    case .overwrittenRow:
      // Whole rows from the end of the file, where the last ones lie: the rows of a file are allocated as they come.
      let file = URL(fileURLWithPath: "\(catalogue)/rows/000001.rows")
      var bytes = try Data(contentsOf: file)
      let row = bytes.subdata(in: bytes.count - 64..<bytes.count)
      for place in 1...200 where bytes.count - 64 * place > 0 {
        let range = bytes.count - 64 * place..<bytes.count - 64 * (place - 1)
        // Nothing but rows: the numbers of a row are small, so none of its bytes is that of a header.
        guard bytes.subdata(in: range).contains(where: { $0 != 0 }) else { break }
        bytes.replaceSubrange(range, with: row)
      }
      try bytes.write(to: file)
    case .olderRecord:
      for name in ["catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm"] {
        try? FileManager.default.removeItem(atPath: "\(catalogue)/\(name)")
        try? FileManager.default.copyItem(atPath: "\(older)/\(name)", toPath: "\(catalogue)/\(name)")
      }
    case .earlyAnswer, .lyingSync, .partialEdit: break
    }
  }
}
