#if KAGAMI_THREAD_SANITIZER
  import Glibc

  /// Stands in for the library's `Mutex` where the thread sanitizer looks on.
  ///
  /// The library's waits by a system call that the sanitizer does not know, so that it takes everything behind a mutex for unguarded. This one
  /// is the system's, which it does know. `make sanitize` builds with it; nothing else does.
  @safe
  package struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    /// Guards a value.
    package init(_ initial: consuming sending Value) {
      // SAFETY: allocated here, freed in deinit, and never handed out.
      unsafe lock = .allocate(capacity: 1)
      unsafe value = .allocate(capacity: 1)
      unsafe pthread_mutex_init(lock, nil)
      unsafe value.initialize(to: initial)
    }

    deinit {
      // SAFETY: nobody else has the value any more.
      unsafe pthread_mutex_destroy(lock)
      unsafe lock.deallocate()
      unsafe value.deinitialize(count: 1)
      unsafe value.deallocate()
    }

    /// Lends the value to one thread at a time.
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
      _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      // SAFETY: the lock is held while the value is lent.
      unsafe pthread_mutex_lock(lock)
      // SAFETY: locked on the line above.
      defer { unsafe pthread_mutex_unlock(lock) }
      return try unsafe body(&value.pointee)
    }

    /// Lends the value, unless another thread has it.
    package borrowing func withLockIfAvailable<Result, Failure: Error>(
      _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result? {
      // SAFETY: as above.
      guard unsafe pthread_mutex_trylock(lock) == 0 else { return nil }
      defer { unsafe pthread_mutex_unlock(lock) }
      return try unsafe body(&value.pointee)
    }
  }
#endif
