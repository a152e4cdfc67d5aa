import Foundation

/// A caller on a local socket; everything that waits has a deadline.
public final class LocalClient {
  private let descriptor: Int32
  private var received = ReceivedLines()
  private var ended = false

  /// Connects.
  ///
  /// - Parameter path: The socket's.
  public init?(_ path: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
    let descriptor = descriptor
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard code == 0 else { return nil }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  deinit { close(descriptor) }

  /// Writes lines, and reads meanwhile nothing.
  public func send(_ lines: [String]) {
    var bytes: [UInt8] = []
    for line in lines { bytes += Array(line.utf8) + [10] }
    var done = 0
    while done < bytes.count, wait(POLLOUT, .now + EngineProcess.patience) {
      let count = bytes.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 || errno == EAGAIN else { return }
      done += max(count, 0)
    }
  }

  /// The next lines, fewer where no more come.
  public func lines(_ count: Int, within time: Duration = EngineProcess.patience) -> [String] {
    let deadline = ContinuousClock.now + time
    var lines: [String] = []
    while lines.count < count {
      if let line = received.take() {
        lines.append(line)
      } else if ended || !receive(until: deadline) {
        break
      }
    }
    return lines
  }

  /// How many lines have come that were not taken.
  public var linesSoFar: Int {
    while !ended, receive(until: .now) {}
    return received.rest.utf8.count { $0 == 10 }
  }

  /// Whether the other end ends the connection in time.
  public func isEnded(within time: Duration = EngineProcess.patience) -> Bool {
    let deadline = ContinuousClock.now + time
    while !ended, receive(until: deadline) {}
    return ended
  }

  private func receive(until deadline: ContinuousClock.Instant) -> Bool {
    guard wait(POLLIN, deadline) else { return false }
    let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
      count = max(read(descriptor, buffer.baseAddress, buffer.count), 0)
    }
    if chunk.isEmpty { ended = true }
    received.append(chunk)
    return true
  }

  private func wait(_ event: Int32, _ deadline: ContinuousClock.Instant) -> Bool {
    var poll = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    let left = max(0, (deadline - .now) / .milliseconds(1))
    return Foundation.poll(&poll, 1, Int32(left.rounded(.up))) > 0
  }
}
