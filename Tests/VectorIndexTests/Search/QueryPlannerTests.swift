import Testing
import VectorIndex

@Suite struct QueryPlannerTests {
  private func plan(_ nodes: Int, _ matches: Int?, width: Int = 48) -> SearchPlan {
    QueryPlanner().plan(.init(nodes: nodes, matches: matches, k: 10, width: width))
  }

  @Test func withoutAFilterTheGraphIsWalked() {
    #expect(plan(100_000, nil) == .walk)
    #expect(plan(10_000_000, nil) == .walk)
  }

  @Test(arguments: [0, 1, 2, 60, 96]) func fewRowsAreCompared(count: Int) {
    #expect(plan(count, nil) == .exact)
    #expect(plan(1_000_000, count) == .exact)
  }

  @Test func whatAScanReadsInTheTimeOfAWalkIsScanned() {
    #expect(plan(100_000, 300) == .scan)
    #expect(plan(100_000, 3_000) == .scan)
    #expect(plan(100_000, 24_670) == .scan)
    #expect(plan(100_000, 99_000) == .filteredWalk)
    // The same shares of a larger index.
    #expect(plan(10_000_000, 30_000) == .scan)
    #expect(plan(10_000_000, 2_467_000) == .filteredWalk)
  }

  @Test func candidatesThatNoWalkHoldsAreNotSearchedFor() {
    #expect(plan(1_000_000, nil, width: 10_000) == .exact)
    #expect(plan(1_000_000, 500_000, width: 4_097) == .exact)
  }

  @Test func aPlanTurnsFromScanToWalkOnce() {
    var plans: [SearchPlan] = []
    for matches in stride(from: 0, through: 1_000_000, by: 1000) {
      let next = plan(1_000_000, matches)
      if plans.last != next { plans.append(next) }
    }
    #expect(plans == [.exact, .scan, .filteredWalk])
  }
}
