import Foundation

/// Waits for input.
///
/// A caller that asks one thing at a time sends the next request some microseconds after it has read an answer. A thread that sleeps meanwhile is woken
/// late, as its processor has gone to sleep with it: on a virtual machine that takes longer than a search. So where input has been coming that soon,
/// the thread looks for it a little before it sleeps, and lets others run between two looks. Where it comes later, the thread sleeps at once: waiting costs no
/// processor time.
struct InputWatch {
  private var polls: [pollfd]
  /// Whether the last input came so soon that it could be waited for awake.
  private var comesSoon = false

  /// How long to look for input before sleeping.
  private static let patience = Duration.microseconds(100)
  /// What counts as soon: as long as that, and what it takes to wake up.
  private static let soon = Duration.microseconds(160)

  /// Watches a descriptor, and a bell that says to stop.
  init(_ descriptor: Int32, _ bell: WakePipe) {
    polls = [descriptor, bell.waiting].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  }

  /// Waits for input.
  ///
  /// - Parameter isIdle: Whether nothing is being done that needs a processor.
  /// - Returns: False when told to stop.
  mutating func wait(isIdle: () -> Bool) -> Bool {
    let start = ContinuousClock.now
    let isAwake = comesSoon && isIdle()
    while !hasInput(within: isAwake && ContinuousClock.now - start < Self.patience ? 0 : -1) { sched_yield() }
    comesSoon = ContinuousClock.now - start < Self.soon
    return polls[1].revents == 0
  }

  /// Looks for input, and for the bell.
  ///
  /// - Parameter milliseconds: How long to wait for either; -1 for as long as it takes.
  /// - Returns: Whether one is there.
  private mutating func hasInput(within milliseconds: Int32) -> Bool {
    // SAFETY: the call reads and writes the two structs of the array.
    unsafe poll(&polls, 2, milliseconds) > 0
  }
}
