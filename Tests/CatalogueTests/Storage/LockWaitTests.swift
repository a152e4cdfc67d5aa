import Catalogue
import Foundation
import TestSupport
import Testing

/// Waiting for the lock, and what the file says while somebody has it and while nobody does.
@Suite struct LockWaitTests {
  private let home: TemporaryDirectory
  private let store: CatalogueStore
  private var file: String { home.catalogue + "/LOCK" }

  init() throws {
    home = try TemporaryDirectory()
    store = try home.makeCatalogue()
  }

  /// The lock in the hands of somebody who is not the store.
  private func hold() throws -> Int32 {
    let descriptor = open(file, O_RDWR | O_CLOEXEC)
    try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    return descriptor
  }

  private func write(_ text: String) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  @Test func `A writer that waits gets the lock when it is given back`() throws {
    let descriptor = try hold()
    Thread.detachNewThread {
      usleep(150_000)
      close(descriptor)
    }
    let start = ContinuousClock.now
    #expect(try store.makeWriter(waitingFor: .seconds(20)).nextOrdinal == 0)
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test func `A writer that waited for nothing names the holder`() throws {
    let first = try store.makeWriter()
    let second = try home.open()
    let start = ContinuousClock.now
    let error = try #require(catalogueError { _ = try second.makeWriter(waitingFor: .milliseconds(120)) })
    #expect(ContinuousClock.now - start >= .milliseconds(120))
    guard case .locked(home.catalogue, ProcessInfo.processInfo.processIdentifier, _?) = error else { throw error }
    #expect(first.nextOrdinal == 0)
    #expect(try store.lockHolder()?.pid == ProcessInfo.processInfo.processIdentifier, "who failed took the name away")
    #expect(catalogueError { _ = try second.makeWriter() }?.description.contains("another process") == false)
  }

  @Test func `A free lock has no holder, whatever the file says`() throws {
    #expect(try store.lockHolder() == nil)
    try write("1 2020-01-01T00:00:00Z\n")
    #expect(try store.lockHolder() == nil)
    var writer: CatalogueWriter? = try store.makeWriter()
    #expect(try store.lockHolder()?.pid == ProcessInfo.processInfo.processIdentifier)
    #expect(try store.lockHolder()?.since?.hasSuffix("Z") == true)
    #expect(writer != nil)
    writer = nil
    #expect(try store.lockHolder() == nil)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)).isEmpty, "a name outlived its lock")
  }

  @Test(arguments: ["", "999999999 2020-01-01T00:00:00Z\n", "0 x\n", "-1 x\n", "nonsense"])
  func `A name that cannot be the holder's is not shown`(_ text: String) throws {
    let descriptor = try hold()
    defer { close(descriptor) }
    try write(text)
    let holder = try #require(try store.lockHolder())
    #expect(holder.pid == nil && holder.since == nil)
    let error = catalogueError { _ = try store.makeWriter() }
    #expect(error == .locked(path: home.catalogue, pid: nil, since: nil))
    #expect(error?.description.contains("another process is writing") == true)
  }

  @Test func `Whoever only looks keeps no writer out`() throws {
    let isDone = Flag()
    Thread.detachNewThread { [store] in
      while !isDone.isSet { _ = try? store.lockHolder() }
    }
    defer { isDone.set() }
    for _ in 0..<200 { #expect(try home.open().makeWriter().nextOrdinal == 0) }
  }

  @Test func `A child process does not keep the lock`() throws {
    var writer: CatalogueWriter? = try store.makeWriter()
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/bin/sleep")
    child.arguments = ["30"]
    try child.run()
    defer { child.terminate() }
    #expect(writer != nil)
    writer = nil
    #expect(try store.lockHolder() == nil)
    #expect(try store.makeWriter().nextOrdinal == 0)
  }

  @Test func `A catalogue without the file has no holder`() throws {
    try FileManager.default.removeItem(atPath: file)
    #expect(try store.lockHolder() == nil)
    #expect(try store.makeWriter().nextOrdinal == 0)
  }

  /// Tells a thread that it may end.
  private final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var value = false
    var isSet: Bool { lock.withLock { value } }
    func set() { lock.withLock { value = true } }
  }
}
