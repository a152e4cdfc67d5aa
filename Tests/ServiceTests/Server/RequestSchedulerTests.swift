import Service
import TestSupport
import Testing
import WireProtocol

@Suite struct RequestSchedulerTests {
  private func id(_ number: Int) -> RequestID { .integer(Int64(number)) }

  @Test func `Reads run at once, each under its own number`() {
    var scheduler = RequestScheduler()
    #expect(scheduler.admit(id(10)) == .run(0))
    #expect(scheduler.admit(id(11)) == .run(1))
    #expect(scheduler.count == 2)
    #expect(scheduler.finish(1) == [])
    #expect(scheduler.finish(0) == [])
    #expect(scheduler.count == 0)
  }

  @Test func `A barrier with nothing before it is due at once`() {
    var scheduler = RequestScheduler()
    #expect(scheduler.admit(id(1), as: .barrier) == .barrier(0, isDue: true))
    #expect(scheduler.finish(0) == [])
    #expect(scheduler.count == 0)
  }

  @Test func `A barrier is due when the last before it is finished, whatever came after`() {
    var scheduler = RequestScheduler()
    _ = scheduler.admit(id(0))
    _ = scheduler.admit(id(1))
    #expect(scheduler.admit(id(2), as: .barrier) == .barrier(2, isDue: false))
    _ = scheduler.admit(id(3))
    #expect(scheduler.finish(3) == [])
    #expect(scheduler.finish(1) == [])
    #expect(scheduler.finish(0).map(\.number) == [2])
    #expect(scheduler.count == 1)
    #expect(scheduler.finish(2) == [])
  }

  @Test func `Barriers are due one after another`() {
    var scheduler = RequestScheduler()
    _ = scheduler.admit(id(0))
    _ = scheduler.admit(id(1), as: .barrier)
    _ = scheduler.admit(id(2), as: .barrier)
    #expect(scheduler.finish(0).map(\.number) == [1])
    #expect(scheduler.finish(1).map(\.request) == [id(2)])
    #expect(scheduler.finish(2) == [])
  }

  @Test func `An id is free once it is released, before its request is finished`() {
    var scheduler = RequestScheduler()
    #expect(scheduler.admit(.string("1")) == .run(0))
    #expect(scheduler.admit(id(1)) == .run(1), "a text and a number are two ids")
    #expect(scheduler.admit(id(1)) == .duplicate)
    #expect(scheduler.admit(id(1), as: .barrier) == .duplicate)
    scheduler.release(id(1))
    #expect(scheduler.admit(id(1)) == .run(2))
    #expect(scheduler.finish(1) == [])
    #expect(scheduler.admit(id(1)) == .duplicate, "the second of the id is still in progress")
  }

  @Test func `A duplicate leaves no trace`() {
    var scheduler = RequestScheduler()
    _ = scheduler.admit(id(0))
    _ = scheduler.admit(id(0))
    #expect(scheduler.count == 1)
    #expect(scheduler.admit(id(1), as: .barrier) == .barrier(1, isDue: false))
    #expect(scheduler.finish(0).map(\.number) == [1])
  }

  /// Random schedules against the rule itself: a barrier begins when, and only when, everything before it is finished.
  @Test(arguments: 1...20)
  func `Any schedule keeps to the rule`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var scheduler = RequestScheduler()
    var (running, waiting, finished): (Set<Int>, Set<Int>, Set<Int>) = ([], [], [])
    for step in 0..<300 {
      if step < 200, Bool.random(using: &generator) {
        switch scheduler.admit(id(step), as: Int.random(in: 0..<5, using: &generator) == 0 ? .barrier : .read) {
        case .run(let number), .barrier(let number, isDue: true): running.insert(number)
        case .barrier(let number, isDue: false): waiting.insert(number)
        case .duplicate: Issue.record("no id came twice")
        case .wait: Issue.record("nothing here waits for an edit")
        }
      } else if let number = running.randomElement(using: &generator) {
        running.remove(number)
        finished.insert(number)
        for due in scheduler.finish(number) {
          #expect((0..<due.number).allSatisfy(finished.contains), "barrier \(due.number) came too early")
          waiting.remove(due.number)
          running.insert(due.number)
        }
      }
      for barrier in waiting { #expect(!(0..<barrier).allSatisfy(finished.contains), "barrier \(barrier) is late") }
      #expect(scheduler.count == running.count + waiting.count)
    }
  }

  @Test func `A read waits for the edits before it and for no others`() {
    var scheduler = RequestScheduler()
    #expect(scheduler.admit(id(0), as: .edit) == .run(0))
    #expect(scheduler.admit(id(1)) == .wait(1))
    #expect(scheduler.admit(id(2), as: .edit) == .run(2))
    #expect(scheduler.admit(id(3)) == .wait(3))
    #expect(scheduler.admit(id(4), as: .control) == .run(4))
    #expect(scheduler.finish(4) == [])
    #expect(scheduler.finish(0).map(\.number) == [1])
    #expect(scheduler.finish(1) == [])
    #expect(scheduler.finish(2).map(\.number) == [3])
    #expect(scheduler.admit(id(5)) == .run(5))
  }

  @Test func `A barrier waits for edits and for the reads that wait for them`() {
    var scheduler = RequestScheduler()
    _ = scheduler.admit(id(0), as: .edit)
    _ = scheduler.admit(id(1))
    #expect(scheduler.admit(id(2), as: .barrier) == .barrier(2, isDue: false))
    #expect(scheduler.finish(0).map(\.number) == [1])
    #expect(scheduler.finish(1).map(\.isBarrier) == [true])
  }
}
