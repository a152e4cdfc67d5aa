import Foundation
import TestSupport
import Testing

/// Who started the engine goes away, and others hold the ends of its pipes.
@Suite struct ParentTests {
  /// P16: a shell starts the engine with a pipe that a sibling keeps open, and is killed.
  @Test(arguments: [true, false])
  func `An engine that is to end with its parent does, although a sibling holds the pipe`(_ isAsked: Bool) throws {
    let (sample, home) = (try SampleCatalogue(), try TemporaryDirectory())
    let (fifo, numbers) = (home.appending("fifo"), home.appending("numbers"))
    let option = isAsked ? "--exit-with-parent" : "--threads 1"
    let script = """
      mkfifo \(fifo); sleep 600 > \(fifo) & echo $! > \(numbers)
      \(Repository.executable) serve \(sample.path) \(option) < \(fifo) > /dev/null & echo $! >> \(numbers)
      wait
      """
    let shell = try Process.run(URL(fileURLWithPath: "/bin/sh"), arguments: ["-c", script])
    var children: [pid_t] = []
    let deadline = ContinuousClock.now + EngineProcess.patience
    while children.count < 2, ContinuousClock.now < deadline {
      usleep(10_000)
      let text = (try? String(contentsOfFile: numbers, encoding: .utf8)) ?? ""
      children = text.split(separator: "\n").compactMap { pid_t($0) }
    }
    defer { for child in children { kill(child, SIGKILL) } }
    let engine = try #require(children.last)
    // It watches once its threads are there.
    while threadCount(engine) < 3, ContinuousClock.now < deadline { usleep(10_000) }
    usleep(300_000)
    #expect(isAlive(engine), "it serves")
    kill(shell.processIdentifier, SIGKILL)
    // Not by `waitUntilExit`: that also waits for whoever inherited a descriptor of the shell, the sibling for one.
    while isAlive(shell.processIdentifier), ContinuousClock.now < deadline { usleep(1000) }
    let killed = ContinuousClock.now
    while isAlive(engine), ContinuousClock.now - killed < .seconds(isAsked ? 10 : 1) { usleep(10_000) }
    #expect(isAlive(engine) != isAsked)
    if isAsked { #expect(ContinuousClock.now - killed < .seconds(2)) }
    withExtendedLifetime((sample, home)) {}
  }

  private func threadCount(_ process: pid_t) -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task"))?.count ?? 0
  }

  /// A process that has ended and that nobody has waited for is not alive.
  private func isAlive(_ process: pid_t) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    return text.split(separator: ")").last?.split(separator: " ").first != "Z"
  }
}
