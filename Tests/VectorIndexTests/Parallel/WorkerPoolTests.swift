import Synchronization
import Testing
import VectorIndex

@Suite struct WorkerPoolTests {
  @Test(arguments: [1, 2, 5], [0, 1, 3, 1000])
  func everyTaskIsDoneOnce(width: Int, tasks: Int) {
    let pool = WorkerPool(width: width)
    for _ in 0..<20 {
      let done = (0..<tasks).map { _ in Counter() }
      pool.run(tasks: tasks) { task, worker in
        #expect(worker >= 0 && worker < width)
        done[task].add()
      }
      #expect(done.allSatisfy { $0.value == 1 })
    }
  }

  @Test func aJobAskedForDuringAnotherIsDoneByItsCaller() {
    let pool = WorkerPool(width: 2)
    let total = Counter()
    pool.run(tasks: 8) { _, _ in
      pool.run(tasks: 8) { _, _ in total.add() }
    }
    #expect(total.value == 64)
  }

  private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.add(1, ordering: .relaxed) }
  }
}
