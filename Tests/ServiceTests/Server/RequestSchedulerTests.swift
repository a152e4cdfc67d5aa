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
    #expect(scheduler.admit(id(1), as: .barrier) == .run(0))
    #expect(scheduler.finish(0) == [])
    #expect(scheduler.count == 0)
  }

  @Test func `A barrier is due when the last before it is finished, whatever came after`() {
    var scheduler = RequestScheduler()
    _ = scheduler.admit(id(0))
    _ = scheduler.admit(id(1))
    #expect(scheduler.admit(id(2), as: .barrier) == .wait(2))
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
    #expect(scheduler.finish(1).map(\.number) == [2])
    #expect(scheduler.finish(2) == [])
  }

  @Test func `An id is free once it is released, before its request is finished`() {
    var scheduler = RequestScheduler()
    #expect(scheduler.admit(.string("1")) == .run(0))
    #expect(scheduler.admit(id(1)) == .run(1), "a text and a number are two ids")
    #expect(scheduler.admit(id(1)) == .duplicate)
    #expect(scheduler.admit(id(1), as: .barrier) == .duplicate)
    #expect(scheduler.number(of: id(1)) == 1)
    scheduler.release(id(1))
    #expect(scheduler.number(of: id(1)) == nil)
    #expect(scheduler.admit(id(1)) == .run(2))
    #expect(scheduler.finish(1) == [])
    #expect(scheduler.admit(id(1)) == .duplicate, "the second of the id is still in progress")
  }

  @Test func `A duplicate leaves no trace`() {
    var scheduler = RequestScheduler()
    _ = scheduler.admit(id(0))
    _ = scheduler.admit(id(0))
    #expect(scheduler.count == 1)
    #expect(scheduler.admit(id(1), as: .barrier) == .wait(1))
    #expect(scheduler.finish(0).map(\.number) == [1])
  }

  @Test func `A read waits for the edits before it and for no others`() {
    var scheduler = RequestScheduler()
    #expect(scheduler.admit(id(0), as: .edit) == .run(0))
    #expect(scheduler.admit(id(1)) == .wait(1))
    #expect(scheduler.admit(id(4), as: .control) == .run(2))
    #expect(scheduler.finish(2) == [])
    #expect(scheduler.finish(0).map(\.number) == [1])
    #expect(scheduler.admit(id(5)) == .run(3))
  }

  @Test func `An edit waits until the reads before it have taken their state`() {
    var scheduler = RequestScheduler()
    #expect(scheduler.admit(id(0)) == .run(0))
    #expect(scheduler.admit(id(1)) == .run(1))
    #expect(scheduler.admit(id(2), as: .edit) == .wait(2))
    #expect(scheduler.admit(id(3)) == .wait(3))
    #expect(scheduler.settle(0) == [])
    #expect(scheduler.settle(0) == [], "once is enough")
    #expect(scheduler.finish(1).map(\.kind) == [.edit])
    #expect(scheduler.finish(0) == [], "the edit runs already")
    #expect(scheduler.finish(2).map(\.kind) == [.read])
  }

  @Test func `Edits beside each other go together, those behind a read wait for it`() {
    var scheduler = RequestScheduler()
    #expect(scheduler.admit(id(0), as: .edit) == .run(0))
    #expect(scheduler.admit(id(1), as: .edit) == .run(1))
    #expect(scheduler.admit(id(2)) == .wait(2))
    #expect(scheduler.admit(id(3), as: .edit) == .wait(3))
    #expect(scheduler.finish(0) == [])
    #expect(scheduler.finish(1).map(\.number) == [2])
    #expect(scheduler.settle(2).map(\.number) == [3])
  }

  @Test func `A barrier waits for edits and for the reads that wait for them, and edits wait for it`() {
    var scheduler = RequestScheduler()
    _ = scheduler.admit(id(0), as: .edit)
    _ = scheduler.admit(id(1))
    #expect(scheduler.admit(id(2), as: .barrier) == .wait(2))
    #expect(scheduler.admit(id(3), as: .edit) == .wait(3))
    #expect(scheduler.finish(0).map(\.number) == [1])
    #expect(scheduler.finish(1).map(\.kind) == [.barrier])
    #expect(scheduler.finish(2).map(\.number) == [3])
  }

  @Test func `What is withdrawn is waited for until it is finished, and does not come out`() {
    var scheduler = RequestScheduler()
    _ = scheduler.admit(id(0), as: .edit)
    _ = scheduler.admit(id(1))
    _ = scheduler.admit(id(2), as: .barrier)
    func take(_ number: Int) -> Bool { scheduler.withdraw(number) }
    #expect(take(1))
    #expect(!take(1))
    #expect(!take(0), "it runs")
    #expect(scheduler.finish(0) == [])
    #expect(scheduler.finish(1).map(\.number) == [2])
    #expect(!scheduler.hasWaiting)
  }

  /// Random schedules against the rules themselves: whatever may run does so at once, and nothing else does.
  @Test(arguments: 1...40)
  func `Any schedule keeps to the rules`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var scheduler = RequestScheduler()
    var kinds: [RequestScheduler.Kind] = []
    var (running, waiting, settled): (Set<Int>, Set<Int>, Set<Int>) = ([], [], [])
    func mayRun(_ number: Int) -> Bool {
      let before = running.union(waiting).filter { $0 < number }
      switch kinds[number] {
      case .control: return true
      case .read: return !before.contains { kinds[$0] == .edit }
      case .edit: return !before.contains { kinds[$0] != .edit && !settled.contains($0) }
      case .barrier: return before.isEmpty
      }
    }
    func begin(_ due: [RequestScheduler.Due]) {
      #expect(due.map(\.number) == due.map(\.number).sorted(), "edits keep their order")
      for due in due {
        #expect(waiting.remove(due.number) != nil && mayRun(due.number), "\(due) came too early")
        running.insert(due.number)
      }
    }
    for step in 0..<600 {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<5 where step < 400:
        let kind =
          ([.read, .read, .edit, .barrier] as [RequestScheduler.Kind]).randomElement(using: &generator) ?? .read
        kinds.append(kind)
        switch scheduler.admit(id(step), as: kind) {
        case .run(let number):
          #expect(number == kinds.count - 1 && mayRun(number))
          running.insert(number)
        case .wait(let number): waiting.insert(number)
        case .duplicate: Issue.record("no id came twice")
        }
      case 5:
        guard let number = waiting.sorted().randomElement(using: &generator) else { break }
        let isTaken = scheduler.withdraw(number)
        #expect(isTaken)
        waiting.remove(number)
        running.insert(number)
      case 6:
        guard let number = running.sorted().filter({ kinds[$0] == .read }).randomElement(using: &generator) else {
          break
        }
        settled.insert(number)
        begin(scheduler.settle(number))
      default:
        guard let number = running.sorted().randomElement(using: &generator) else { break }
        running.remove(number)
        begin(scheduler.finish(number))
      }
      for number in waiting { #expect(!mayRun(number), "\(kinds[number]) \(number) is late, seed \(seed)") }
      #expect(scheduler.count == running.count + waiting.count)
      #expect(scheduler.hasWaiting == !waiting.isEmpty)
    }
  }
}
