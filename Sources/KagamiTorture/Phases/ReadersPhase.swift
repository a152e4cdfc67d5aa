import Foundation

/// Readers beside a writer that never rests: by key, in pages, gathered, with `min_seq`.
///
/// The writer changes too: now and then it ends, a command compacts or builds, and another begins.
struct ReadersPhase {
  private let bench: Bench
  private var random: Randomness

  init(_ bench: Bench) {
    self.bench = bench
    random = bench.random("readers")
  }

  /// Bursts of edits before everything is compared.
  private static let bursts = 40

  /// Runs until the time is over.
  mutating func run(until deadline: ContinuousClock.Instant, _ tally: inout Tally) throws {
    var number = 0
    while ContinuousClock.now < deadline {
      number += 1
      let metric = Metric.allCases[number % Metric.allCases.count]
      var table = try Table(bench, "readers-\(number)", metric: metric, Randomness(random.next()))
      try table.churn(Self.bursts, until: deadline)
      if try table.judge(verifies: false, &tally, "readers \(number)") {
        try? FileManager.default.removeItem(atPath: table.catalogue)
      }
    }
  }
}

extension Table {
  /// Edits without a rest, and looks on through two readers and the writer's own stream.
  mutating func churn(_ bursts: Int, until deadline: ContinuousClock.Instant) throws {
    var readers = [try reader(), try reader()]
    var writer = try engine()
    for burst in 0..<bursts where ContinuousClock.now < deadline {
      for _ in 0..<6 { writer.send(.edit(random.oneIn(3) ? edits.next() : replacement())) }
      // Answers to edits are not waited for: the readers look while they are done.
      for place in readers.indices { for _ in 0..<2 { readers[place].look(least: sequence) } }
      writer.onlooker.look(least: 0)
      collect(&writer)
      if burst % 12 == 5 { writer.send(random.oneIn(2) ? .compact : .build) }
      guard burst % 20 == 19 else { continue }
      end(&writer, killing: false)
      let running = try start(random.oneIn(2) ? .compact : .build, waiting: 60)
      while !running.process.isOver() { for place in readers.indices { readers[place].look(least: sequence) } }
      finish(running)
      writer = try engine()
    }
    end(&writer, killing: false)
    for place in readers.indices {
      readers[place].look(least: sequence)
      collect(&readers[place])
      _ = readers[place].session.close()
    }
  }

  private mutating func replacement() -> ModelEdit {
    ModelEdit(action: .upsert([edits.steadyEntry()], isAtomic: true))
  }
}
