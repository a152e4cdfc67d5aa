import Synchronization

/// Memory that several may take parts of, up to a limit.
final class MemoryBudget: Sendable {
  private let free: Atomic<Int>

  init(bytes: Int) {
    free = Atomic(bytes)
  }

  /// Takes a part; false, and nothing is taken, when there is not so much left.
  func take(_ bytes: Int) -> Bool {
    if free.subtract(bytes, ordering: .relaxed).newValue >= 0 { return true }
    free.add(bytes, ordering: .relaxed)
    return false
  }

  /// Gives a part back.
  func giveBack(_ bytes: Int) {
    free.add(bytes, ordering: .relaxed)
  }
}
