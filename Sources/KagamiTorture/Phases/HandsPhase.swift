import Foundation

/// S10, S15: engines and commands take turns and race on one catalogue, while others look on.
struct HandsPhase {
  private let bench: Bench
  private var random: Randomness

  init(_ bench: Bench) {
    self.bench = bench
    random = bench.random("hands")
  }

  /// Rounds of one catalogue before a new one is made.
  private static let rounds = 8

  /// Runs until the time is over.
  mutating func run(until deadline: ContinuousClock.Instant, _ tally: inout Tally) throws {
    var number = 0
    while ContinuousClock.now < deadline {
      number += 1
      let metric = Metric.allCases[number % Metric.allCases.count]
      var table = try Table(bench, "hands-\(number)", metric: metric, Randomness(random.next()))
      var isSound = true
      for round in 0..<Self.rounds where isSound && ContinuousClock.now < deadline {
        let isTurn = table.random.oneIn(2)
        if isTurn {
          try table.takeTurns()
          tally.turns += 1
        } else {
          try table.race()
          tally.races += 1
        }
        let context = "hands \(number), \(isTurn ? "turns" : "race") in round \(round)"
        isSound = try table.judge(verifies: table.random.oneIn(2), &tally, context)
      }
      // What went wrong is kept for whoever looks at it.
      if isSound { try? FileManager.default.removeItem(atPath: table.catalogue) }
    }
  }
}

// MARK: Turns

extension Table {
  /// An engine opens the catalogue and idles; others edit and are gone; then it does its first edits.
  mutating func takeTurns() throws {
    var idle = try engine()
    var second = random.oneIn(2) ? try engine() : nil
    var reader = random.oneIn(2) ? try reader() : nil
    idle.onlooker.warm()
    second?.onlooker.warm()
    reader?.warm()
    var mayKill = true
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      try takeTurn(&mayKill)
      idle.onlooker.look(least: sequence)
      reader?.look(least: sequence)
    }
    firstEdit(&idle)
    for _ in 0..<Int.random(in: 1...4, using: &random) { step(&idle, &reader) }
    if random.oneIn(2) { try tryBesides(&second) }
    step(&idle, &reader)
    end(&idle, killing: mayKill && random.oneIn(3))
    if var hand = second {
      if random.oneIn(2) {
        firstEdit(&hand)
        step(&hand, &reader)
      }
      end(&hand, killing: false)
    }
    if var onlooker = reader {
      onlooker.look(least: sequence)
      collect(&onlooker)
      _ = onlooker.session.close()
    }
  }

  /// One other process: a command, or an engine for a few edits.
  private mutating func takeTurn(_ mayKill: inout Bool) throws {
    guard random.oneIn(4) else {
      let kinds: [HandCommand.Kind] = [.compact, .compact, .add, .remove] + HandCommand.Kind.allCases
      finish(try start(kinds.randomElement(using: &random) ?? .compact, waiting: random.oneIn(2) ? 30 : nil))
      return
    }
    var hand = try engine()
    act(&hand, count: Int.random(in: 1...8, using: &random))
    let isKilled = mayKill && random.oneIn(3)
    if isKilled {
      mayKill = false
      hand.session.pump(for: .milliseconds(Int.random(in: 0...60, using: &random)))
    }
    end(&hand, killing: isKilled)
  }

  /// The first edit of an engine whose view is old: what may go wrong most comes most often.
  private mutating func firstEdit(_ hand: inout EngineHand) {
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: hand.send(.compact)
    case 2, 3: hand.send(.edit(ModelEdit(action: .removeLabel(edits.label()))))
    case 4: hand.send(.build)
    default: hand.send(.edit(edits.next()))
    }
  }

  private mutating func step(_ hand: inout EngineHand, _ reader: inout Onlooker?) {
    act(&hand, count: Int.random(in: 1...4, using: &random))
    hand.onlooker.look(least: 0)
    hand.wait()
    collect(&hand)
    hand.onlooker.look(least: sequence)
    reader?.look(least: sequence)
  }

  /// Others try beside the engine that writes, and are refused.
  private mutating func tryBesides(_ second: inout EngineHand?) throws {
    finish(try start(HandCommand.Kind.allCases.randomElement(using: &random) ?? .add, waiting: nil))
    guard var hand = second else { return }
    hand.send(.edit(edits.next()))
    hand.wait()
    collect(&hand)
    hand.onlooker.look(least: sequence)
    second = hand
  }
}

// MARK: Races

extension Table {
  /// Several start at once; who does not get the lock waits or is refused.
  mutating func race() throws {
    var hands = [try engine()]
    if random.oneIn(2) { hands.append(try engine()) }
    for place in hands.indices { hands[place].onlooker.warm() }
    var reader = try reader()
    reader.warm()
    if random.oneIn(2) { finish(try start(.compact, waiting: nil)) }
    var running: [Running] = []
    for _ in 0..<Int.random(in: 2...4, using: &random) {
      let kind = HandCommand.Kind.allCases.randomElement(using: &random) ?? .add
      running.append(try start(kind, waiting: random.oneIn(4) ? nil : 90))
    }
    for place in hands.indices { act(&hands[place], count: Int.random(in: 1...5, using: &random)) }
    // At most one of all is killed.
    let victim = Int.random(in: 0..<2 * (hands.count + running.count), using: &random)
    for place in hands.indices {
      reader.look(least: 0)
      hands[place].session.pump(for: .milliseconds(Int.random(in: 0...30, using: &random)))
      end(&hands[place], killing: place == victim)
      reader.look(least: sequence)
    }
    if victim >= hands.count, victim < hands.count + running.count {
      let place = victim - hands.count
      running[place].isKilled = true
      running[place].process.child.send(signal: SIGKILL)
    }
    while !running.allSatisfy({ $0.process.isOver() }) { reader.look(least: 0) }
    for process in running { finish(process) }
    reader.look(least: sequence)
    collect(&reader)
    _ = reader.session.close()
  }
}
