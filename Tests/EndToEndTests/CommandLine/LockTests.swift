import Foundation
import TestSupport
import Testing

/// `--wait-lock`: what commands that write do while somebody else does.
@Suite struct LockTests {
  private let sample: SampleCatalogue

  init() throws {
    sample = try SampleCatalogue()
  }

  private func importQueries(_ options: String...) -> [String] {
    ["import", sample.path, "--vectors", Repository.sample("queries.npy"), "--key-prefix", "q/"] + options
  }

  private func hold() throws -> Int32 {
    let descriptor = open(sample.path + "/LOCK", O_RDWR | O_CLOEXEC)
    try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    return descriptor
  }

  @Test func `Without waiting, and after it, the answer is 75 and names the catalogue`() throws {
    let descriptor = try hold()
    defer { close(descriptor) }
    for command in [
      importQueries(), importQueries("--wait-lock", "0.2"), ["build", sample.path, "--wait-lock", "0.2"],
    ] {
      let result = try CommandResult.kagami(command)
      #expect(result.end == .exit(75), "\(result)")
      #expect(result.errors.contains("\(sample.path): another process is writing to it"), "\(result)")
    }
    #expect(try CommandResult.kagami("info", sample.path).end == .exit(0))
  }

  @Test func `A command that waits goes on when the lock is free`() throws {
    for command in [importQueries("--wait-lock", "30"), ["build", sample.path, "--wait-lock", "30"]] {
      let descriptor = try hold()
      let process = try EngineProcess(command)
      usleep(300_000)
      #expect(!process.hasOutput(within: .zero))
      close(descriptor)
      #expect(try process.waitForEnd() == .exit(0), "\(process.errorText)")
    }
    #expect(try CommandResult.kagami("verify", sample.path).text.contains("sound at revision 2; 2235 rows"))
  }

  @Test func `A killed holder keeps nobody out`() throws {
    let build = try EngineProcess(["build", sample.path])
    usleep(20_000)
    build.send(signal: SIGKILL)
    _ = try build.waitForEnd()
    #expect(try CommandResult.kagami(importQueries()).end == .exit(0))
  }

  @Test(arguments: ["-1", "soon", "nan", "1e9"])
  func `A time that is none is 64`(_ time: String) throws {
    #expect(try CommandResult.kagami(importQueries("--wait-lock=\(time)")).end == .exit(64))
  }
}
