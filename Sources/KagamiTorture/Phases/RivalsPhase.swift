import Foundation

/// S17 to S19, and what two processes must not do to each other: pairs that begin at the same time.
struct RivalsPhase {
  let bench: Bench
  let shim: Shim
  var random: Randomness
  var findings: [Finding] = []
  /// Figures so far.
  var tally = Tally()

  init(_ bench: Bench) throws {
    self.bench = bench
    shim = try Shim(source: bench.options.shimSource, folder: bench.folder)
    random = bench.random("rivals")
  }

  /// What is tried.
  enum Pair: String, CaseIterable {
    case makers = "two that make one catalogue"
    case buildAndCompaction = "a build beside a compaction"
    case rowFile = "a row file without a header"
    case removal = "what is left of a removed item"
    case operation = "one op_id for two edits"
  }

  /// Runs until the time is over, each pair at least once.
  mutating func run(until deadline: ContinuousClock.Instant, _ tally: inout Tally) throws {
    var number = 0
    self.tally = tally
    defer { tally = self.tally }
    while number < Pair.allCases.count || ContinuousClock.now < deadline {
      let pair = Pair.allCases[number % Pair.allCases.count]
      number += 1
      try attempt(pair)
      self.tally.rivals += 1
      self.tally.add(findings, "rivals \(number), \(pair.rawValue)")
      findings = []
    }
  }

  private mutating func attempt(_ pair: Pair) throws {
    switch pair {
    case .makers: try makeTogether()
    case .buildAndCompaction: try buildBesideCompaction()
    case .rowFile: try spoilRowFile()
    case .removal: try removeForGood()
    case .operation: try nameTwice()
    }
  }

  mutating func note(_ check: Finding.Check, _ text: String) { findings.append(Finding(check: check, text: text)) }

  /// A table with a catalogue of its own.
  mutating func table(_ name: String) throws -> Table {
    try Table(bench, "rivals-\(name)", metric: .innerProduct, Randomness(random.next()))
  }

  /// Reads everything from a catalogue; nil where that fails.
  mutating func items(_ catalogue: String) throws -> Set<String>? {
    let check = try bench.verify(catalogue)
    if !check.isGood { note(.unreadable, "verify: \(check.complaint)") }
    let session = try bench.serve(catalogue)
    defer { _ = session.close() }
    guard let items = session.ask(.scroll(after: nil))?.result?.items else {
      note(.unreadable, "the catalogue cannot be read: \(session.child.errorText.suffix(300))")
      return nil
    }
    return Set(items.map(\.key))
  }

  // MARK: Two that make one catalogue

  /// One of those who make a catalogue.
  private struct Maker {
    var words: [String]
    var keys: Set<String>
    /// Whether it fails, whoever is there.
    var isBad = false
  }

  // `wanted`: whether it is an import that fails, or one that succeeds, both of which wait; nil for anything.
  private func maker(
    _ name: String, _ catalogue: String, _ random: inout Randomness, isBad wanted: Bool? = nil
  ) throws -> Maker {
    let wait = wanted != nil || random.oneIn(2) ? ["--wait-lock", "90"] : []
    guard wanted != nil || !random.oneIn(4) else {
      return Maker(words: ["create", catalogue, "--dimension", "4", "--metric", "ip"], keys: [])
    }
    let isBad = wanted ?? random.oneIn(3)
    let keys = (0..<Int.random(in: 1...40, using: &random)).map { "\(name)-\($0)" }
    let lines =
      keys.map { "{\"key\":\"\($0)\",\"vector\":[1,2,3,4]}" } + (isBad ? ["{\"key\":\"\",\"vector\":[1,2,3,4]}"] : [])
    let file = "\(bench.folder)/rivals-\(name).jsonl"
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file))
    let words = ["import", catalogue, "--vectors", file, "--metric", "ip"] + (isBad ? ["--atomic"] : [])
    return Maker(words: words + wait, keys: isBad ? [] : Set(keys), isBad: isBad)
  }

  private mutating func makeTogether() throws {
    let catalogue = "\(bench.folder)/rivals-new.kagami"
    try? FileManager.default.removeItem(atPath: catalogue)
    // Every other time the first makes the catalogue and fails at last, and the second fills it meanwhile.
    let isFirstBad: Bool? = random.oneIn(2) ? true : nil
    let makers = [
      try maker("a", catalogue, &random, isBad: isFirstBad),
      try maker("b", catalogue, &random, isBad: isFirstBad.map { !$0 }),
    ]
    let slow = try shim.locks(catalogue: catalogue, delayedBy: Int.random(in: 0...300_000, using: &random))
    var running: [RunningCommand] = []
    for (place, maker) in makers.enumerated() {
      running.append(
        try RunningCommand([bench.options.engine] + maker.words, environment: place == 0 ? slow : [:]))
      if place == 0 { usleep(UInt32.random(in: 0...150_000, using: &random)) }
    }
    let outcomes = running.map { $0.outcome() }
    judge(makers, outcomes)
    let expected = zip(makers, outcomes).filter(\.1.isGood).reduce(into: Set<String>()) { $0.formUnion($1.0.keys) }
    guard outcomes.contains(where: \.isGood) else { return }
    guard let found = try items(catalogue) else { return }
    if found != expected {
      let isLost = !expected.isSubset(of: found)
      note(isLost ? .lost : .phantom, "\(found.count) items, not \(expected.count), after \(outcomes.map(\.complaint))")
    }
  }

  private mutating func judge(_ makers: [Maker], _ outcomes: [CommandOutcome]) {
    for (maker, outcome) in zip(makers, outcomes) {
      let codes: Set<Int32> = maker.isBad ? [65, 73, 75] : [0, 73, 75]
      guard case .exit(let code)? = outcome.end, codes.contains(code) else {
        note(.process, "\(maker.words[0]) ended with \(outcome.complaint)")
        continue
      }
    }
    if !makers.allSatisfy(\.isBad), !makers.contains(where: \.isBad), !outcomes.contains(where: \.isGood) {
      note(.process, "both makers failed: \(outcomes.map(\.complaint))")
    }
  }
}
