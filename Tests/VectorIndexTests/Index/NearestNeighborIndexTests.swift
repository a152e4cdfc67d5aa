import Testing
import VectorIndex

@Suite struct NearestNeighborIndexTests {
  private struct Refused: Error {}

  @Test func aReaderKeepsItsStateAndAThrowingChangePublishesNothing() throws {
    let fixture = try IndexFixture([1, 0, 0, 1, 1, 1], dimension: 2, metric: .euclidean)
    let index = NearestNeighborIndex(fixture.snapshot)
    let before = index.snapshot
    index.update { $0.remove(Ordinal(1)) }
    #expect(before.liveCount == 3 && before.live[1])
    #expect(index.snapshot.liveCount == 2 && !index.snapshot.live[1])
    #expect(throws: Refused.self) {
      try index.update { (state: inout IndexSnapshot) throws(Refused) in
        state.remove(Ordinal(0))
        throw Refused()
      }
    }
    #expect(index.snapshot.liveCount == 2)
  }
}
