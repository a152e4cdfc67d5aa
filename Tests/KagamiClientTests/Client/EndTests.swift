import Foundation
import KagamiClient
import Testing

/// How engines end, and who learns of it.
@Suite(.timeLimit(.minutes(30))) struct EndTests {
  private func exit(of error: ClientError) -> EngineExit? {
    if case .engineExited(let exit) = error { exit } else { nil }
  }

  @Test func everyCallInFlightFailsWhenTheEngineDies() async throws {
    let script = "next; next; next; echo 'row file is damaged' >&2; exit 3"
    try await ScriptedEngine.run(script) { client in
      let ends = await withTaskGroup(of: EngineExit?.self) { group in
        for _ in 0..<5 {
          group.addTask {
            do {
              _ = try await client.call("any")
            } catch let error as ClientError {
              return self.exit(of: error)
            } catch {}
            return nil
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      let end = EngineExit(status: .code(3), standardErrorTail: "row file is damaged\n")
      #expect(ends == Array(repeating: end, count: 5))
      #expect(end.description == "the engine exited with code 3; it wrote:\nrow file is damaged\n")
      await #expect(throws: ClientError.engineExited(end)) { try await client.call("late") }
      await #expect(throws: ClientError.engineExited(end)) { try await client.nextUnclaimedLine() }
    }
  }

  @Test func aBadEndAfterTheLastCallIsThrownOnce() async throws {
    let end = EngineExit(status: .code(74), standardErrorTail: "")
    await #expect(throws: ClientError.engineExited(end)) {
      try await ScriptedEngine.run("next; answer $id 1; read -r line; exit 74") { try await $0.call("any") }
    }
    try await ScriptedEngine.run("next; answer $id 1; read -r line; exit 74") { client in
      _ = try await client.call("any")
      client.close()
      #expect(try await client.exit() == end)
    }
  }

  @Test func onlyTheEndOfStandardErrorIsKept() async throws {
    let script = "next; head -c 3000000 /dev/zero | tr '\\0' x >&2; echo last words >&2; exit 70"
    let error = await #expect(throws: ClientError.self) {
      try await ScriptedEngine.run(script) { try await $0.call("any") }
    }
    let tail = try #require(error.flatMap(exit(of:))).standardErrorTail
    #expect(tail.utf8.count == 8192 && tail.hasSuffix("xxlast words\n"))
  }

  @Test func aChattyEngineDoesNotStall() async throws {
    let script = "head -c 1000000 /dev/zero >&2; next; answer $id 7; head -c 1000000 /dev/zero >&2"
    #expect(try await ScriptedEngine.run(script) { try await $0.call("any") } == 7)
  }

  @Test func killEndsTheEngineAtOnce() async throws {
    try await ScriptedEngine.run("next; sleep 60") { client in
      let call = Task { try await client.call("any") }
      client.kill()
      let error = await #expect(throws: ClientError.self) { try await call.value }
      #expect(error.flatMap(exit(of:))?.status == .signal(9))
    }
  }

  @Test func anUnterminatedLastLineIsNoAnswer() async throws {
    let script = #"next; printf '{"jsonrpc":"2.0","id":%s,"result":1}' $id"#
    let error = await #expect(throws: ClientError.self) {
      try await ScriptedEngine.run(script) { try await $0.call("any") }
    }
    #expect(error.flatMap(exit(of:))?.status == .code(0))
  }

  @Test func anEngineThatIgnoresItsEndIsTerminated() async throws {
    // A process that a busy machine does not run within the grace is killed before it has seen the first signal.
    let error = await #expect(throws: ClientError.self) {
      try await ScriptedEngine.run("exec sleep 60", grace: .seconds(2)) { _ in }
    }
    #expect(error.flatMap(exit(of:))?.status == .signal(15))
    try await ScriptedEngine.run("trap '' TERM; echo deaf; while :; do sleep 0.02; done", grace: .milliseconds(50)) {
      client in
      _ = try await client.nextUnclaimedLine()
      client.close()
      let end = try await client.exit()
      #expect(end.status == .signal(9))
    }
  }

  @Test(arguments: ["/nowhere/kagami", "no-such-program-anywhere", "/etc/passwd"])
  func anEngineThatCannotBeStartedIsNamed(executable: String) async throws {
    let error = await #expect(throws: ClientError.self) {
      try await KagamiClient.withEngine(executable: executable, arguments: ["serve"]) { _ in
        Issue.record("the body runs without an engine")
      }
    }
    guard case .cannotRun(executable, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func whatTheBodyThrowsComesOut() async throws {
    struct Own: Error {}
    await #expect(throws: Own.self) {
      try await ScriptedEngine.run(ScriptedEngine.echo) { _ in throw Own() }
    }
  }

  @Test func callsAfterCloseAreRefusedAndEarlierOnesAnswered() async throws {
    let gate = try ScriptedGate()
    try await ScriptedEngine.run(
      "\(gate.wait); while next; do answer $id $id; done", window: CallWindow(requests: 1)
    ) { client in
      async let first = client.call("first")
      async let second = client.call("second")
      async let third = client.call("third")
      try await client.waitForOpenCalls(3)
      client.close()
      await #expect(throws: ClientError.closed) { try await client.call("late") }
      try gate.open()
      let answers = try await [first, second, third]
      #expect(Set(answers) == [1, 2, 3])
      let end = try await client.exit()
      #expect(end.isSuccess)
    }
  }

  @Test func nothingIsLeftBehind() async throws {
    func openDescriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    let before = try openDescriptors()
    var identifiers: [String] = []
    for _ in 0..<40 {
      let line = try await ScriptedEngine.run("echo $$; exec cat") { try await $0.nextUnclaimedLine() }
      identifiers.append(String(decoding: line, as: UTF8.self))
    }
    // Other tests open files at the same time, and close them; what is left behind stays open.
    let deadline = ContinuousClock.now + .seconds(40)
    while try openDescriptors() >= before + 40, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(try openDescriptors() < before + 40)
    for identifier in identifiers {
      let status = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
      #expect(status?.contains("State:\tZ") != true)
    }
  }
}
