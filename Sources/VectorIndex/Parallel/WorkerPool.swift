import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A fixed set of threads that share out the tasks of one job at a time.
///
/// For work of a millisecond and more: handing over costs some microseconds. A job asked for while another runs is done by its own caller
/// alone, so that many callers share the processors without queueing behind each other. What a job computes must not depend on
/// which worker does which task.
///
/// Order of events:
/// 1. The caller fills in the job under the lock and wakes the threads.
/// 2. Caller and threads take task numbers from one atomic counter until none is left.
/// 3. A thread that finds none left says so under the lock; the caller returns when all have.
/// 4. Only then does the job's closure, which lives on the caller's stack, go away.
public final class WorkerPool: Sendable {
  /// How many work at a job, the caller among them.
  public let width: Int
  private let crew: Crew
  private let jobInProgress = Mutex<Void>(())

  /// Starts `width` − 1 threads.
  ///
  /// - Parameter width: How many shall work at a job, at least 1; 1 starts no thread.
  public init(width: Int) {
    precondition(width >= 1)
    self.width = width
    crew = Crew()
    crew.start(threads: width - 1)
  }

  deinit { crew.stop() }

  /// Does `tasks` tasks, and returns when all are done.
  ///
  /// - Parameters:
  ///   - tasks: How many there are.
  ///   - body: Does one: gets its number, and the number of the worker, below ``width``, that does it. Called from several threads
  ///     at once, but never twice at once with the same worker.
  public func run(tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    let shared: Void? =
      tasks < 2 || width < 2
      ? nil
      : jobInProgress.withLockIfAvailable { _ in
        withoutActuallyEscaping(body) { crew.run(tasks: tasks, body: $0) }
      }
    if shared == nil {
      for task in 0..<tasks { body(task, 0) }
    }
  }
}

// SAFETY (whole class): mutex and conditions are initialised in init, never move, and are destroyed after the last thread was joined; every wait and signal
// happens on them alone.

/// The threads of a pool and the job in progress.
@safe
private final class Crew: @unchecked Sendable {
  private struct Job {
    let tasks: Int
    let body: (Int, Int) -> Void
  }

  // Guarded by `lock`.
  private var job: Job?
  private var generation = 0
  private var working = 0
  private var stopping = false
  private var threads: [pthread_t] = []

  private let next = Atomic<Int>(0)
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let wake: UnsafeMutablePointer<pthread_cond_t>
  private let done: UnsafeMutablePointer<pthread_cond_t>

  init() {
    // SAFETY: the three are allocated once, stay where they are, and are destroyed after every thread was joined.
    unsafe lock = .allocate(capacity: 1)
    unsafe wake = .allocate(capacity: 1)
    unsafe done = .allocate(capacity: 1)
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(wake, nil)
    unsafe pthread_cond_init(done, nil)
  }

  deinit {
    // SAFETY: no thread holds a reference any more.
    unsafe pthread_mutex_destroy(lock)
    unsafe pthread_cond_destroy(wake)
    unsafe pthread_cond_destroy(done)
    unsafe lock.deallocate()
    unsafe wake.deallocate()
    unsafe done.deallocate()
  }

  func start(threads count: Int) {
    for worker in 0..<count {
      var thread = pthread_t()
      // SAFETY: the thread takes over the one retain that it is handed.
      let seat = unsafe Unmanaged.passRetained(Seat(crew: self, worker: worker + 1)).toOpaque()
      let code = unsafe pthread_create(&thread, nil, { unsafe Crew.threadBody($0) }, seat)
      precondition(code == 0, "cannot start a thread")
      threads.append(thread)
    }
  }

  func stop() {
    locked {
      stopping = true
      unsafe pthread_cond_broadcast(wake)
    }
    for thread in threads { pthread_join(thread, nil) }
    threads = []
  }

  func run(tasks: Int, body: @escaping (Int, Int) -> Void) {
    next.store(0, ordering: .relaxed)
    locked {
      job = Job(tasks: tasks, body: body)
      generation += 1
      working = threads.count
      unsafe pthread_cond_broadcast(wake)
    }
    work(Job(tasks: tasks, body: body), as: 0)
    locked {
      while working > 0 { unsafe pthread_cond_wait(done, lock) }
      job = nil
    }
  }

  private func work(_ job: Job, as worker: Int) {
    while true {
      let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard task < job.tasks else { return }
      job.body(task, worker)
    }
  }

  private func serve(as worker: Int) {
    var seen = 0
    while workOnNextJob(after: &seen, as: worker) {
      locked {
        working -= 1
        if working == 0 { unsafe pthread_cond_signal(done) }
      }
    }
  }

  /// Works until no task is left; false when there will be no further job.
  ///
  /// A function of its own so that the job's closure is let go of before the caller hears that its work is done.
  @inline(never)
  private func workOnNextJob(after seen: inout Int, as worker: Int) -> Bool {
    guard let job = waitForJob(after: &seen) else { return false }
    work(job, as: worker)
    return true
  }

  private func waitForJob(after seen: inout Int) -> Job? {
    locked {
      while !stopping, generation == seen || job == nil { unsafe pthread_cond_wait(wake, lock) }
      seen = generation
      return stopping ? nil : job
    }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    // SAFETY: the mutex was initialised in init and is never moved.
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    return body()
  }

  private final class Seat {
    let crew: Crew
    let worker: Int
    init(crew: Crew, worker: Int) {
      self.crew = crew
      self.worker = worker
    }
  }

  private static func threadBody(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    // SAFETY: the pointer is the retained Seat of `start`.
    let seat = unsafe Unmanaged<Seat>.fromOpaque(argument).takeRetainedValue()
    seat.crew.serve(as: seat.worker)
    return nil
  }
}
