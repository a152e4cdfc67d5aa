import Foundation

/// The right to write to a catalogue, held by at most one writer of all processes.
///
/// The lock belongs to the open file, and so ends with the process, however it ends: children that execute another program do
/// not inherit the file, and giving the lock back does not wait for one that was only forked. What the file says is for people
/// only, and is taken out before the lock is given back.
final class WriterLock: Sendable {
  private let descriptor: FileDescriptor

  /// Takes the lock of the catalogue laid out as `layout`.
  ///
  /// - Parameters:
  ///   - layout: Where the lock file is.
  ///   - time: How long to wait for somebody who has it.
  /// - Throws: ``CatalogueError/locked(path:pid:since:)`` if someone has it all that time, or the system's refusal.
  init(_ layout: CatalogueLayout, waitingFor time: Duration = .zero) throws(CatalogueError) {
    let start = ContinuousClock.now
    while true {
      // Not yet the object's own: what has no lock must not be taken for its holder when it goes.
      let descriptor = try FileDescriptor(opening: layout.lock, for: .writing)
      guard try WriterLock.take(descriptor, since: start, within: time) else {
        let holder = WriterLock.name(in: descriptor)
        throw .locked(path: layout.directory, pid: holder.pid, since: holder.since)
      }
      // Whoever had it may have taken the catalogue away, and somebody else may have made another: that one has a lock of its own.
      guard descriptor.isStill(at: layout.lock) else { continue }
      try descriptor.overwrite(with: LockHolder.text())
      self.descriptor = descriptor
      return
    }
  }

  deinit {
    try? descriptor.clear()
    descriptor.unlock()
  }

  /// How long somebody who only looks may have the lock; see ``holder(_:)``.
  private static let grace = Duration.milliseconds(20)
  /// How long whoever has the lock may leave its name out of the file: a writer writes it at once, and who only looks never does, so
  /// that this is one who looks and whom a busy machine keeps from giving the lock back.
  private static let namelessGrace = Duration.seconds(2)
  /// How often a waiting writer looks.
  private static let interval = Duration.milliseconds(20)

  /// Tries until it has the lock, or until the time is over; clocks that are set meanwhile do not matter.
  private static func take(
    _ descriptor: borrowing FileDescriptor, since start: ContinuousClock.Instant, within time: Duration
  ) throws(CatalogueError) -> Bool {
    while true {
      if try descriptor.tryLock() { return true }
      let isNamed = LockHolder(text: descriptor.beginning()).pid != nil
      let left = start + max(time, isNamed ? grace : namelessGrace) - .now
      guard left > .zero else { return false }
      Thread.sleep(forTimeInterval: min(left, time > grace ? interval : .milliseconds(2)) / .seconds(1))
    }
  }

  /// Who has the lock that was found taken.
  ///
  /// A holder that took it this instant has not written its name yet, so that an empty file is looked at again.
  private static func name(in descriptor: borrowing FileDescriptor) -> LockHolder {
    for _ in 0..<5 {
      let holder = LockHolder(text: descriptor.beginning())
      if holder.pid != nil { return holder }
      Thread.sleep(forTimeInterval: 0.002)
    }
    return .unnamed
  }

  /// Who has the lock; nil for nobody.
  static func holder(_ layout: CatalogueLayout) throws(CatalogueError) -> LockHolder? {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor(opening: layout.lock, for: .reading)
    } catch {
      // Nobody ever wrote to a copy that came without the file.
      if case .missing = error { return nil }
      throw error
    }
    guard try !descriptor.tryLock(isShared: true) else {
      descriptor.unlock()
      return nil
    }
    return name(in: descriptor)
  }
}
