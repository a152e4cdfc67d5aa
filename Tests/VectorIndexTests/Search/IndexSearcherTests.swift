import TestSupport
import Testing
import VectorIndex

/// Every plan against the exact scan.
@Suite struct IndexSearcherTests {
  private func check(
    _ fixture: GraphFixture, _ searcher: IndexSearcher, _ filter: SearchFilter?, k: Int = 10,
    effort: SearchEffort = .standard, atLeast recall: Double = 0.95
  ) -> [SearchAnswer] {
    let truth = fixture.truth(k, filter)
    let found = searcher.nearest(fixture.queries, k: k, effort: effort, filter: filter)
    let order = ResultOrder(keys: fixture.snapshot.keys)
    for (answer, exact) in zip(found, truth) {
      #expect(answer.neighbors.count == exact.count)
      #expect(Set(answer.neighbors.map(\.ordinal)).count == answer.neighbors.count)
      for (a, b) in zip(answer.neighbors, answer.neighbors.dropFirst()) { #expect(order.precedes(a, b)) }
      for neighbor in answer.neighbors {
        #expect(fixture.snapshot.live[neighbor.ordinal] && filter?.allowed[neighbor.ordinal] ?? true)
      }
    }
    #expect(GraphFixture.recall(found, truth) >= recall, "\(found.first?.plan.rawValue ?? "")")
    return found
  }

  @Test(arguments: Metric.allCases)
  func everyPlanFindsWhatTheScanOfRowsFinds(metric: Metric) throws {
    let fixture = try GraphFixture(3000, metric: metric)
    #expect(check(fixture, fixture.searcher(), nil)[0].plan == .walk)
    #expect(check(fixture, fixture.searcher(), nil, effort: .exact, atLeast: 1)[0].plan == .exact)
    for share: UInt32 in [2, 3, 10] {
      let filter = fixture.filter { $0 % share == 1 }
      for _ in 0..<2 {  // The second time by codes that were copied.
        #expect(check(fixture, fixture.searcher(.scanning), filter)[0].plan == .scan)
      }
      let plans = Set(check(fixture, fixture.searcher(.walking), filter).map(\.plan))
      #expect(plans.isSubset(of: [.filteredWalk, .scan]))
    }
    let most = fixture.filter { $0 % 100 != 1 }
    #expect(check(fixture, fixture.searcher(.walking), most)[0].plan == .walk, "few rows are left out afterwards")
  }

  /// A walk among all rows meets just those that must not be answered, though they are few.
  @Test func rowsTakenOutAroundTheQueryAreMadeUpFor() throws {
    let fixture = try GraphFixture(3000)
    let nearest = fixture.truth(25, nil).prefix(4)
    let removed = Set(nearest.joined().map(\.ordinal))
    let filter = fixture.filter { !removed.contains($0) }
    let found = check(fixture, fixture.searcher(.walking), filter)
    #expect(found.prefix(4).allSatisfy { $0.plan != .walk })
    #expect(found.contains { $0.plan == .walk })
  }

  @Test func distancesAreThoseOfTheExactSearch() throws {
    let fixture = try GraphFixture(2000)
    let all = fixture.truth(2000, nil)
    let filter = fixture.filter { $0 % 2 == 0 }
    for planner in [QueryPlanner(), .scanning, .walking] {
      for (answer, exact) in zip(fixture.searcher(planner).nearest(fixture.queries, k: 10, filter: filter), all) {
        #expect(Set(answer.neighbors).isSubset(of: exact))
      }
    }
  }

  @Test func batchesAndThreadsChangeNothing() throws {
    let fixture = try GraphFixture(2000)
    for filter in [nil, fixture.filter { $0 % 3 == 0 }] {
      let one = fixture.searcher(.walking).nearest(fixture.queries, k: 7, filter: filter)
      let two = fixture.searcher(.walking, threads: 3).nearest(fixture.queries, k: 7, filter: filter)
      #expect(one.map(\.neighbors) == two.map(\.neighbors))
    }
  }

  @Test(arguments: [0, 1, 2, 100, 300], [1, 2, 5, 1000])
  func smallIndexesAnswerAllTheyHave(count: Int, k: Int) throws {
    let fixture = try GraphFixture(count)
    _ = check(fixture, fixture.searcher(), nil, k: k)
    for planner in [QueryPlanner(), .scanning, .walking] {
      _ = check(fixture, fixture.searcher(planner), fixture.filter { $0 % 2 == 0 }, k: k)
      _ = check(fixture, fixture.searcher(planner), fixture.filter { _ in false }, k: k)
      _ = check(fixture, fixture.searcher(planner), fixture.filter { _ in true }, k: k)
    }
  }

  @Test func aFilterThatLeavesOutTheSurroundingsLosesNothing() throws {
    let fixture = try GraphFixture(4000)
    let near = fixture.truth(150, nil)[5]
    let excluded = Set(near.map(\.ordinal))
    let filter = fixture.filter { !excluded.contains($0) }
    let truth = fixture.truth(10, filter)[5]
    for planner in [QueryPlanner(), .scanning, .walking] {
      let found = fixture.searcher(planner).nearest(fixture.queries, k: 10, filter: filter)[5]
      #expect(found.neighbors.count == 10)
      #expect(Set(found.neighbors).intersection(truth).count >= 9)
    }
  }

  @Test func copiesAreAnsweredByThemselves() throws {
    // Rows 600 to 800 are one picture; the filter leaves out the node and most of its copies.
    let fixture = try GraphFixture(2400, copies: 600..<800)
    let query = try fixture.rows.queries(fixture.snapshot.rows.row(Ordinal(600)))
    for planner in [QueryPlanner(), .scanning, .walking] {
      let filter = fixture.filter { $0 < 600 || $0 >= 795 }
      let found = fixture.searcher(planner).nearest(query, k: 6, filter: filter)[0].neighbors
      #expect(found.prefix(5).map(\.ordinal) == [795, 796, 797, 798, 799])
      _ = check(fixture, fixture.searcher(planner), filter)
    }
    // Ties of copies are decided by key, not by arrival.
    let all = fixture.searcher().nearest(query, k: 20)[0].neighbors
    #expect(
      all
        == FlatSearcher(fixture.snapshot, workers: WorkerPool(width: 1)).nearest(
          query, k: 20, in: fixture.rows.everything)[0])
  }

  @Test func tombstonesGuideAndAreNotAnswered() throws {
    let fixture = try GraphFixture(3000, removed: Array(stride(from: 0, to: 3000, by: 3)))
    _ = check(fixture, fixture.searcher(), nil)
    for planner in [QueryPlanner(), .scanning, .walking] {
      _ = check(fixture, fixture.searcher(planner), fixture.filter { $0 % 5 < 2 })
    }
  }

  @Test func rowsBeyondTheGraphAreCompared() throws {
    let fixture = try GraphFixture(3000, covered: 2500, removed: [2600, 2601])
    let filter = fixture.filter { $0 % 4 < 2 }
    for planner in [QueryPlanner(), .scanning, .walking] {
      _ = check(fixture, fixture.searcher(planner), nil)
      _ = check(fixture, fixture.searcher(planner), filter)
      // Of the rows beyond none is missed.
      let tail = fixture.filter { $0 >= 2500 }
      _ = check(fixture, fixture.searcher(planner), tail, atLeast: 1)
    }
  }

  @Test func anExcludedRowMakesRoomForAnother() throws {
    let fixture = try GraphFixture(2000)
    let query = try fixture.rows.queries(fixture.snapshot.rows.row(Ordinal(77)))
    for filter in [nil, fixture.filter { $0 % 2 == 1 }] {
      let exact = fixture.searcher().nearest(query, k: 11, effort: .exact, filter: filter)[0].neighbors
      let found = fixture.searcher(.walking).nearest(query, k: 10, filter: filter, excluding: Ordinal(77))[0].neighbors
      #expect(found.count == 10 && !found.contains { $0.ordinal == 77 })
      #expect(Set(found).intersection(exact).count >= 9)
    }
  }

  @Test func groupsAreThoseOfTheExactSearch() throws {
    // One work owns 99 of 100 rows near and far.
    let works: [UInt32?] = (0..<3000).map { (row: UInt32) -> UInt32? in row % 100 == 0 ? row / 100 + 2 : 1 }
    let fixture = try GraphFixture(3000, works: works)
    let exact = fixture.searcher().groups(fixture.queries, k: 5, size: 2, effort: .exact)
    let found = fixture.searcher().groups(fixture.queries, k: 5, size: 2)
    var hits = 0
    for (a, b) in zip(exact, found) {
      #expect(b.groups.count == 5)
      hits += Set(a.groups.map(\.group)).intersection(b.groups.map(\.group)).count
    }
    #expect(hits >= 190)
    for (a, b) in zip(exact, found) {
      for group in b.groups {
        if let same = a.groups.first(where: { $0.group == group.group }) { #expect(same.count == group.count) }
      }
    }
  }
}
