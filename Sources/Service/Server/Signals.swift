import Foundation
import Synchronization

/// SIGTERM, SIGINT and SIGHUP: the first asks to stop, the second ends at once.
///
/// A handler that may run on any thread rings a bell, and a thread of ours waits for it. Blocking the signals and waiting for
/// them, as dispatch sources and `sigwait` do, is not enough here: BLAS starts threads when it is loaded, before our first
/// line runs, and one of those may take the signal.
enum Signals {
  /// Where the handler rings; a handler may touch nothing that is not lock-free.
  private static let bell = Atomic<Int32>(-1)

  private static func ring(at number: Int32) {
    signal(number) { _ in WakePipe.ring(Signals.bell.load(ordering: .acquiring)) }
  }

  /// Listens from now on, until the process ends.
  ///
  /// - Parameter stop: Is called at the first signal, on a thread of its own.
  /// - Throws: ``StreamError`` where too many files are open.
  static func listen(_ stop: @escaping @Sendable () -> Void) throws(StreamError) {
    let pipe = try WakePipe()
    bell.store(pipe.ringing, ordering: .releasing)
    let thread = Thread {
      pipe.wait()
      stop()
      pipe.wait()
      _exit(0)
    }
    thread.name = "signals"
    thread.start()
    for number in [SIGTERM, SIGINT] { ring(at: number) }
    // A process that was started with `nohup` is to stay.
    // SAFETY: a handler is an address, and 1 the one of SIG_IGN.
    if let handler = signal(SIGHUP, SIG_IGN), unsafe unsafeBitCast(handler, to: Int.self) == 1 { return }
    ring(at: SIGHUP)
  }

  // MARK: SIGBUS

  private static let busBell = Atomic<Int32>(-1)
  private static let isTold = Atomic(false)

  /// Has it told of a bus error before that ends the process: a mapped file became shorter, or its disk cannot read it.
  ///
  /// The thread that met it waits until that is done, two seconds at most, and meets it again; nothing can give it the bytes.
  ///
  /// - Parameter tell: Is called on a thread of its own.
  /// - Throws: ``StreamError`` where too many files are open.
  static func tellOfBusErrors(_ tell: @escaping @Sendable () -> Void) throws(StreamError) {
    let pipe = try WakePipe()
    busBell.store(pipe.ringing, ordering: .releasing)
    let thread = Thread {
      pipe.wait()
      tell()
      isTold.store(true, ordering: .releasing)
    }
    thread.name = "bus errors"
    thread.stackSize = 1 << 20
    thread.start()
    signal(SIGBUS) { number in
      WakePipe.ring(Signals.busBell.load(ordering: .acquiring))
      for _ in 0..<200 where !Signals.isTold.load(ordering: .acquiring) { usleep(10_000) }
      signal(number, SIG_DFL)
    }
  }
}
