import Foundation

/// An engine and the plainest caller: lines that were made before are written, answers are counted and thrown away.
///
/// What it measures is the engine, whatever a client costs.
final class PlainPipe {
  private let process = Process()
  private let requests = Pipe()
  private let answers = Pipe()

  /// Starts an engine.
  init(_ command: [String]) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = requests
    process.standardOutput = answers
    try process.run()
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
  }

  private var input: Int32 { requests.fileHandleForWriting.fileDescriptor }
  private var output: Int32 { answers.fileHandleForReading.fileDescriptor }

  /// Ends the engine.
  func end() {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Seconds from the first byte to the last answer, with at most a window of lines under way.
  func seconds(for lines: [[UInt8]], window: Int = 48) -> Double {
    let start = ContinuousClock.now
    var (sent, answered, offset) = (0, 0, 0)
    var pending: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while answered < lines.count {
      while sent < lines.count, sent - answered < window {
        pending += lines[sent]
        sent += 1
      }
      var polls = [
        pollfd(fd: output, events: Int16(POLLIN), revents: 0), pollfd(fd: input, events: Int16(POLLOUT), revents: 0),
      ]
      guard poll(&polls, offset < pending.count ? 2 : 1, 30_000) > 0 else { return .infinity }
      if polls[1].revents != 0, offset < pending.count {
        let count = pending.withUnsafeBytes { write(input, $0.baseAddress.map { $0 + offset }, $0.count - offset) }
        offset += max(count, 0)
        if offset == pending.count { (pending, offset) = ([], 0) }
      }
      if polls[0].revents != 0 {
        let count = read(output, &buffer, buffer.count)
        guard count > 0 else { return .infinity }
        answered += buffer[..<count].count { $0 == 10 }
      }
    }
    return (ContinuousClock.now - start) / .seconds(1)
  }
}
