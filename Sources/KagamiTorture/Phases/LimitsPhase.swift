import Foundation

/// R1 and R2: too little memory, room, descriptors or rights give clear errors, and reads go on.
struct LimitsPhase {
  private let bench: Bench
  private let dimension = 64
  private let metric = Metric.innerProduct
  private let catalogue: String
  private let ledger: Ledger

  /// Makes the catalogue that all limits are tried on.
  init(_ bench: Bench) throws {
    self.bench = bench
    catalogue = try bench.create("limits.kagami", dimension: dimension, metric: metric)
    var (ledger, random) = (Ledger(), bench.random("limits"))
    let session = try bench.serve(catalogue)
    let edit = Self.bulk("base", 1200, &random)
    ledger.sent(edit, id: session.send(edit.request))
    _ = session.ask(.build)
    guard session.close() == .exit(0) else { throw Refusal("no catalogue for limits: \(session.child.errorText)") }
    ledger.settle(session.answers)
    self.ledger = ledger
  }

  /// Tries every limit.
  mutating func run(_ tally: inout Tally) throws {
    // A shell counts blocks of 512 bytes. Less than the row file will need, and less than the log will.
    for blocks in [400, 1200, 2400] {
      try attempt(
        "files of \(blocks / 2) KiB", after: "ulimit -f \(blocks)", edits: .mustFail(["storage_full"]), &tally)
    }
    try attempt("32 descriptors", after: "ulimit -n 32", edits: .mayFail, &tally)
    for descriptors in [12, 20] {
      try attempt(
        "\(descriptors) descriptors", after: "ulimit -n \(descriptors)", edits: .mayFail, mayRefuse: true, &tally)
    }
    for megabytes in [64, 128, 256, 512, 1024, 2048] {
      try attempt(
        "\(megabytes) MiB of memory", after: "ulimit -v \(megabytes << 10)", edits: .mayFail, mayRefuse: true, &tally)
    }
    try readOnlyDirectory(&tally)
    try smallBuild(&tally)
  }

  /// What becomes of edits under a limit.
  private enum Fate {
    case mayFail
    case mustFail(Set<String>)
  }

  private func attempt(
    _ name: String, after preparation: String, edits: Fate, mayRefuse: Bool = false, on path: String? = nil,
    _ tally: inout Tally
  ) throws {
    tally.limitsTried += 1
    var complaints: [String] = []
    let copy = try path ?? bench.copy(catalogue, to: "limited.kagami")
    var (ledger, random) = (ledger, bench.random(name))
    let session = try bench.serve(copy, after: preparation)
    var kinds = Set<String>()
    for round in 0..<8 where !session.isOver {
      let edit = Self.bulk("more-\(round)", 1000, &random)
      let id = session.send(edit.request)
      ledger.sent(edit, id: id)
      if let error = session.answer(to: id, within: .seconds(3))?.error { kinds.insert(error.data.kind) }
      guard let search = session.ask(.search(random.vector(dimension), k: 5, exact: true), within: .seconds(3)) else {
        break
      }
      if let error = search.error { complaints.append("a search failed: \(error.data.kind), \(error.message)") }
    }
    if !session.isOver, session.answers.isEmpty { complaints.append("nothing was answered") }
    let end = session.close()
    complaints += objections(to: end, mayRefuse: mayRefuse, session)
    if case .mustFail(let expected) = edits, kinds != expected {
      complaints.append("edits failed with \(kinds.sorted())")
    }
    ledger.settle(session.answers, expecting: kinds)
    let audit = Audit(try bench.serve(copy), ledger, metric: metric, queries: [random.vector(dimension)])
    tally.acknowledgedEdits += ledger.takeAcknowledged()
    tally.add(audit, name)
    for complaint in complaints { tally.note("\(name): \(complaint)") }
    if complaints.isEmpty, audit.isClean { tally.limitsHeld += 1 }
  }

  /// A signal is no clear error, and neither is silence.
  private func objections(to end: Child.End?, mayRefuse: Bool, _ session: EngineSession) -> [String] {
    let errors = session.child.errorText
    switch end {
    case .exit(0): return []
    case .exit(let code) where mayRefuse:
      return errors.isEmpty ? ["exit code \(code) without a word"] : []
    default: return ["ended with \(end.map { "\($0)" } ?? "nothing in time"): \(errors.prefix(200))"]
    }
  }

  private func readOnlyDirectory(_ tally: inout Tally) throws {
    let copy = try bench.copy(catalogue, to: "limited.kagami")
    let changed = try CommandOutcome(["/bin/sh", "-c", "chmod -R a+rX,a-w '\(copy)'"])
    guard changed.isGood else { return }
    // Nothing is forbidden to the superuser, who has to become somebody else.
    let isRoot = geteuid() == 0
    let other = "exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\""
    if isRoot {
      let probe = try CommandOutcome([bench.options.engine, "help"], after: other)
      guard probe.isGood else { return }
    }
    try attempt(
      "a directory without rights", after: isRoot ? other : ":", edits: .mustFail(["read_only"]), on: copy, &tally)
    _ = try CommandOutcome(["/bin/sh", "-c", "chmod -R u+w '\(copy)'"])
  }

  /// A build that may take hardly any memory says so, and changes nothing.
  private func smallBuild(_ tally: inout Tally) throws {
    tally.limitsTried += 1
    let session = try bench.serve(try bench.copy(catalogue, to: "limited.kagami"))
    let built = session.ask(Request(method: "index.build", params: "{\"memory_bytes\":1048576}"))
    let audit = Audit(session, ledger, metric: metric, queries: [])
    tally.add(audit, "a build with 1 MiB")
    if let kind = built?.error?.data.kind, kind == "resource_exhausted", audit.isClean {
      tally.limitsHeld += 1
    } else {
      tally.note("a build with 1 MiB: \(built?.error?.message ?? "was done")")
    }
  }

  private static func bulk(_ prefix: String, _ count: Int, _ random: inout Randomness) -> ModelEdit {
    let entries = (0..<count).map { number in
      ModelEdit.Entry(key: "\(prefix)-\(number)", item: .init(vector: random.vector(64), member: nil))
    }
    return ModelEdit(action: .upsert(entries, isAtomic: true))
  }
}
