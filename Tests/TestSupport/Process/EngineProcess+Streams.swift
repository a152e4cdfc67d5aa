import Foundation

extension EngineProcess {
  // MARK: Standard input

  /// Writes as much as the process takes.
  ///
  /// - Parameters:
  ///   - bytes: What is written.
  ///   - time: How long the pipe may take nothing at all.
  /// - Returns: How many bytes were taken.
  @discardableResult
  public func write(_ bytes: [UInt8], within time: Duration = patience) -> Int {
    var done = 0
    var deadline = ContinuousClock.now + time
    while done < bytes.count {
      let count = push(bytes, from: done)
      if count > 0 {
        done += count
        deadline = .now + time
      } else if count < 0, errno != EAGAIN, errno != EINTR {
        return done
      } else if !wait(for: input, POLLOUT, until: deadline) {
        return done
      }
    }
    return done
  }

  /// Writes lines.
  ///
  /// - Throws: ``Impatience`` where the process does not take them.
  public func send(_ lines: String...) throws {
    let bytes = Self.bytes(of: lines)
    guard write(bytes) == bytes.count else { throw Impatience("the process does not read", self) }
  }

  /// Ends standard input.
  public func closeInput() {
    guard input >= 0 else { return }
    close(input)
    input = -1
  }

  // MARK: Standard output

  /// The next line of standard output, without its end; nil at the end of the stream.
  ///
  /// - Throws: ``Impatience`` where none comes in time.
  public func line(within time: Duration = patience) throws -> String? {
    let deadline = ContinuousClock.now + time
    while true {
      if let line = received.take() { return line }
      guard wait(for: output, POLLIN, until: deadline) else { throw Impatience("no line came within \(time)", self) }
      guard receive() else { return nil }
    }
  }

  /// The next lines.
  ///
  /// - Throws: ``Impatience`` where fewer come.
  public func lines(_ count: Int, within time: Duration = patience) throws -> [String] {
    try (0..<count).map { number in
      guard let line = try line(within: time) else { throw Impatience("only \(number) of \(count) lines came", self) }
      return line
    }
  }

  /// Everything that is still written to standard output, until its end; an unfinished last line too.
  ///
  /// - Throws: ``Impatience`` where it does not end.
  public func rest(within time: Duration = patience) throws -> [String] {
    var lines: [String] = []
    while let line = try line(within: time) { lines.append(line) }
    return received.isEmpty ? lines : lines + [received.rest]
  }

  /// Reads so many bytes at most and keeps what they are for later; for readers that are slow on purpose.
  ///
  /// - Returns: How many came.
  public func skip(bytes count: Int) -> Int {
    guard wait(for: output, POLLIN, until: .now + Self.patience) else { return 0 }
    let chunk = [UInt8](unsafeUninitializedCapacity: count) { buffer, found in
      found = max(read(output, buffer.baseAddress, buffer.count), 0)
    }
    received.append(chunk)
    return chunk.count
  }

  /// Whether any output can be read, or comes in time.
  public func hasOutput(within time: Duration) -> Bool {
    !received.isEmpty || wait(for: output, POLLIN, until: .now + time)
  }

  /// Stops reading for good: what is written then fails.
  public func closeOutput() {
    guard output >= 0 else { return }
    close(output)
    output = -1
  }

  /// Writes a request and reads one answer.
  ///
  /// - Throws: ``Impatience``.
  public func ask(_ line: String) throws -> String {
    try send(line)
    return try lines(1)[0]
  }

  /// Writes lines and reads answers, both as they go, so that neither side waits for the other.
  ///
  /// - Parameters:
  ///   - lines: What is written.
  ///   - expected: How many answers come; as many as lines unless given.
  ///   - time: How long nothing at all may happen.
  /// - Returns: The answers, in the order in which they came.
  /// - Throws: ``Impatience``.
  public func exchange(
    _ lines: [String], expecting expected: Int? = nil, within time: Duration = patience
  ) throws -> [String] {
    let count = expected ?? lines.count
    let bytes = Self.bytes(of: lines)
    var (done, answers): (Int, [String]) = (0, [])
    while true {
      while answers.count < count, let answer = received.take() { answers.append(answer) }
      if answers.count == count { return answers }
      var polls = [
        pollfd(fd: output, events: Int16(POLLIN), revents: 0), pollfd(fd: input, events: Int16(POLLOUT), revents: 0),
      ]
      let ready = poll(&polls, done < bytes.count ? 2 : 1, Int32(time / .milliseconds(1)))
      if ready < 0, errno == EINTR { continue }
      let isOpen = polls[0].revents == 0 || receive()
      guard ready > 0, isOpen else { throw Impatience("only \(answers.count) of \(count) answers came", self) }
      if polls[1].revents != 0 { done += max(push(bytes, from: done), 0) }
    }
  }

  // MARK: What the system knows of it

  /// What was written to standard error so far.
  public var errorText: String {
    var status = stat()
    guard errors >= 0, fstat(errors, &status) == 0, status.st_size > 0 else { return "" }
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      count = max(pread(errors, buffer.baseAddress, buffer.count, 0), 0)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A size of `/proc/…/status`, in bytes, such as `VmHWM`; nil where the system does not tell.
  public func memory(_ field: String) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix("\(field):") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
  }

  /// Whether a signal has stopped it.
  public var isStopped: Bool {
    let text = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
    return text?.split(separator: "\n").contains { $0.hasPrefix("State:\tT") } == true
  }

  /// How often a thread of the process was given a processor, by thread: what does not change while nothing runs.
  public var contextSwitches: [String: String] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")) ?? []
    return threads.reduce(into: [:]) { switches, thread in
      let text = try? String(contentsOfFile: "/proc/\(id)/task/\(thread)/status", encoding: .utf8)
      let lines = text?.split(separator: "\n").filter { $0.contains("ctxt_switches") }
      switches[thread] = lines?.joined(separator: " ")
    }
  }

  private static func bytes(of lines: [String]) -> [UInt8] {
    lines.flatMap { Array($0.utf8) + [10] }
  }

  private func push(_ bytes: [UInt8], from start: Int) -> Int {
    bytes.withUnsafeBytes { Foundation.write(input, $0.baseAddress.map { $0 + start }, $0.count - start) }
  }

  /// Takes what is there; false at the end of the stream.
  private func receive() -> Bool {
    let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
      count = max(read(output, buffer.baseAddress, buffer.count), 0)
    }
    received.append(chunk)
    return !chunk.isEmpty
  }
}
