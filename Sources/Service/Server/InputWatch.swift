import Foundation

/// Waits for input.
///
/// A caller that asks one thing at a time sends the next request some microseconds after it has read an answer. A thread that sleeps meanwhile is woken
/// late, as its processor has gone to sleep with it: on a virtual machine that takes longer than a search. So where input has been coming that soon,
/// the thread looks for it a little before it sleeps. Where that was in vain, as it is when the caller needs the same processor to go on, it sleeps at once
/// for a number of times that doubles with every failure: waiting costs next to no processor time.
///
/// It does not yield between two looks: whoever yields to a busy process waits for the end of its slice, some milliseconds.
struct InputWatch {
  private var polls: [pollfd]
  /// Whether the last input came so soon that it could be waited for awake.
  private var comesSoon = false
  /// For how many times more to sleep at once.
  private var rests = 0
  /// For how many times to do so after the next failure.
  private var penalty = 1

  /// How long to look for input before sleeping.
  private static let patience = Duration.microseconds(100)
  /// What counts as soon: as long as that, and what it takes to wake up.
  private static let soon = Duration.microseconds(160)
  /// How often to sleep at once at most before looking is tried again.
  private static let longestRest = 1024

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
    if !(comesSoon && isIdle() && isFound(since: start)) {
      while !hasInput(within: -1) {}
    }
    comesSoon = ContinuousClock.now - start < Self.soon
    return polls[1].revents == 0
  }

  /// Looks for input for a while, unless that has been in vain lately.
  private mutating func isFound(since start: ContinuousClock.Instant) -> Bool {
    guard rests == 0 else {
      rests -= 1
      return false
    }
    while !hasInput {
      guard ContinuousClock.now - start < Self.patience else {
        rests = penalty
        penalty = min(2 * penalty, Self.longestRest)
        return false
      }
    }
    penalty = 1
    return true
  }

  /// Whether there is input now, or the bell was rung.
  var hasInput: Bool { mutating get { hasInput(within: 0) } }

  /// Looks for input, and for the bell.
  ///
  /// - Parameter milliseconds: How long to wait for either; -1 for as long as it takes.
  /// - Returns: Whether one is there.
  private mutating func hasInput(within milliseconds: Int32) -> Bool {
    // SAFETY: the call reads and writes the two structs of the array.
    unsafe poll(&polls, 2, milliseconds) > 0
  }
}
