import Foundation

/// The right to write to a catalogue, held by at most one writer of all processes.
///
/// The lock ends with the process, however it ends; what the file says is for people only.
final class WriterLock: Sendable {
  private let descriptor: FileDescriptor

  /// Takes the lock of the catalogue laid out as `layout`.
  ///
  /// - Throws: ``CatalogueError/locked(path:pid:since:)`` if someone has it, or the system's refusal.
  init(_ layout: CatalogueLayout) throws(CatalogueError) {
    descriptor = try FileDescriptor(opening: layout.lock, for: .writing)
    guard try descriptor.tryLock() else {
      let words = descriptor.beginning().split(whereSeparator: \.isWhitespace)
      throw .locked(
        path: layout.directory, pid: words.first.flatMap { Int32($0) }, since: words.dropFirst().first.map(String.init))
    }
    let now = Date().formatted(.iso8601)
    try descriptor.overwrite(with: "\(ProcessInfo.processInfo.processIdentifier) \(now)\n")
  }
}
