import Testing
import VectorIndex

@Suite struct RangeSearchTests {
  @Test(arguments: Metric.allCases)
  func whatIsInRangeIsFound(metric: Metric) throws {
    let fixture = try GraphFixture(3000, metric: metric)
    let all = fixture.truth(3000, nil)
    for filter in [nil, fixture.filter { $0 % 10 != 3 }] {
      let distance = all[3][60].distance
      let found = fixture.searcher(.walking).within(distance, of: fixture.queries, limit: 1000, filter: filter)
      var (hits, wanted) = (0, 0)
      for (answer, neighbors) in zip(found, all) {
        let inRange = neighbors.filter { $0.distance <= distance && filter?.allowed[$0.ordinal] ?? true }.prefix(1000)
        #expect(Set(answer.neighbors).isSubset(of: inRange) || inRange.count == 1000)
        #expect(!answer.isComplete)
        hits += Set(answer.neighbors).intersection(inRange).count
        wanted += inRange.count
      }
      #expect(Double(hits) >= 0.97 * Double(wanted))
    }
  }

  @Test func aThresholdThatNothingReachesCostsNoMoreThanASearch() throws {
    let fixture = try GraphFixture(3000)
    let normal = fixture.searcher().nearest(fixture.queries, k: 10)
    let found = fixture.searcher().within(-1.5, of: fixture.queries, limit: 100)
    for (answer, usual) in zip(found, normal) {
      #expect(answer.neighbors.isEmpty)
      #expect(answer.cost.estimates < 2 * usual.cost.estimates)
    }
    for (answer, usual) in zip(fixture.searcher().nearest(fixture.queries, k: 10, within: -1.5), normal) {
      #expect(answer.neighbors.isEmpty)
      #expect(answer.cost.estimates < 2 * usual.cost.estimates)
    }
  }

  @Test func aThresholdThatEverythingReachesEndsAtTheLimit() throws {
    let fixture = try GraphFixture(3000)
    let truth = fixture.truth(20, nil)
    for (answer, exact) in zip(fixture.searcher().within(2, of: fixture.queries, limit: 20), truth) {
      #expect(answer.neighbors.count == 20 && !answer.isComplete)
      #expect(Set(answer.neighbors).intersection(exact).count >= 15)
    }
  }

  @Test func anExactSearchIsComplete() throws {
    let fixture = try GraphFixture(1000)
    let distance = fixture.truth(31, nil)[0][30].distance
    let found = fixture.searcher().within(distance, of: fixture.queries, limit: 1000, effort: .exact)
    #expect(found[0].isComplete && found[0].plan == .exact && found[0].neighbors.count == 31)
    // Few rows are all compared, whatever the effort.
    #expect(
      fixture.searcher().within(distance, of: fixture.queries, limit: 90, filter: fixture.filter { $0 < 50 })[0]
        .isComplete)
  }
}
