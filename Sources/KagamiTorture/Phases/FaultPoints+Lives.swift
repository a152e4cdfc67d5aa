import Foundation

/// S12 across lives: a killed process leaves what it did not sync with the system, the next one goes on from it, and then the power goes.
///
/// What the second life acknowledged has to last, and with it everything of the first that it was built on.
extension FaultPoints {
  /// Kills an engine at one point, and cuts the power of the next one at another.
  mutating func liveTwice(_ first: Shim.Plan, _ second: Shim.Plan, _ tally: inout Tally) throws {
    let copy = try bench.copy(catalogue, to: "trial.kagami")
    var (ledger, killed, cut) = (ledger, first, second)
    (killed.action, killed.times, killed.hasNextLife) = (random.oneIn(2) ? .kill : .killAfter, 1, true)
    (cut.action, cut.times, cut.isNextLife) = (.powerCut, 1, true)
    cut.seed = random.oneIn(2) ? Int.random(in: 1...1 << 30, using: &random) : 0
    let context = "killed at \(killed.point), then power cut at \(cut.point)"
    let one = try bench.serve(copy, environment: try shim.environment(killed, catalogue: copy))
    _ = work(one, &ledger, expecting: Self.faults)
    guard one.close() == .signal(SIGKILL) else { return }
    ledger.settle(one.answers, expecting: Self.faults)
    let two = try bench.serve(copy, environment: try shim.environment(cut, catalogue: copy))
    let between = Audit(two, ledger, metric: metric, queries: [])
    if !two.isOver { tally.add(between, "\(context), before that") }
    ledger.inherit(two.isOver ? nil : between.found)
    for complaint in work(two, &ledger, expecting: Self.faults, life: 2) {
      tally.otherViolations += 1
      tally.note("\(context): \(complaint)")
    }
    let end = two.close()
    ledger.settle(two.answers, expecting: Self.faults)
    tally.kills += end == .signal(SIGKILL) ? 2 : 1
    tally.faultsInjected["killAfter and powerCut", default: 0] += shim.counts.hits
    tally.changesTakenBack += shim.counts.takenBack
    tally.acknowledgedEdits += ledger.takeAcknowledged()
    let judge = try bench.serve(copy)
    var maker = EditMaker(random, dimension: dimension)
    let audit = Audit(judge, ledger, metric: metric, queries: [maker.query()])
    tally.restarts += 1
    tally.add(audit, context)
    resume(judge, ledger, audit, context, &tally)
    _ = judge.close()
    if !audit.isClean, bench.options.keepsFiles { _ = try bench.copy(copy, to: "bad-lives-\(tally.restarts).kagami") }
  }
}
