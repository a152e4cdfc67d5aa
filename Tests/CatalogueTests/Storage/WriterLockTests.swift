import Catalogue
import Foundation
import TestSupport
import Testing

@Suite struct WriterLockTests {
  @Test func `A second writer is told who the first is`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let first = try store.makeWriter()
    let second = try home.open()
    let error = try #require(catalogueError { _ = try second.makeWriter() })
    guard case .locked(home.catalogue, let pid, let since) = error else { throw error }
    #expect(pid == ProcessInfo.processInfo.processIdentifier)
    #expect(since?.hasSuffix("Z") == true)
    #expect(error.exitCode == 75)
    try first.commit(records("a"))
    #expect(try second.read { try $0.item(forKey: "a") } != nil, "readers need no lock")
  }

  @Test func `The lock is free once the writer is gone`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    var writer: CatalogueWriter? = try store.makeWriter()
    try writer?.commit(records("a"))
    writer = nil
    #expect(try store.makeWriter().nextOrdinal == 1)
  }

  @Test func `Another process holds the lock until it ends`() throws {
    let home = try TemporaryDirectory()
    let store = try home.makeCatalogue()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/flock") else { return }
    process.arguments = ["-x", "--no-fork", home.catalogue + "/LOCK", "sh", "-c", "echo held; exec sleep 60"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))
    guard case .locked = catalogueError({ _ = try store.makeWriter() }) else {
      Issue.record("two processes write")
      return
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    var error: CatalogueError?
    for _ in 0..<3000 {
      error = catalogueError { _ = try store.makeWriter() }
      if error == nil { break }
      usleep(10_000)
    }
    #expect(error == nil)
  }

  @Test func `A store for reading has no writer`() throws {
    let home = try TemporaryDirectory()
    _ = try home.makeCatalogue()
    let store = try home.open(.readOnly)
    let error = catalogueError { _ = try store.makeWriter() }
    #expect(error == .readOnly(path: home.catalogue))
    #expect(error?.exitCode == 77)
  }
}
