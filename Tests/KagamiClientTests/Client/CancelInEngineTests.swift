import KagamiClient
import Testing

/// Calls that are given up while the engine works on them.
@Suite(.timeLimit(.minutes(30))) struct CancelInEngineTests {
  @Test func anEngineThatCanCancelIsToldOnceItSaidSo() async throws {
    let script = """
      next; first=$id; next; answer $id '{"methods":["engine.cancel"]}'
      next; case "$line" in *'"engine.cancel","params":{"ids":['$first']}'*) ;; *) exit 9;; esac
      printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32800,"message":"cancelled","data":{"kind":"cancelled"}}}\\n' $first
      answer $id '{"cancelled":1,"not_in_progress":[]}'
      next; second=$id; next
      case "$line" in *'"engine.cancel","params":{"ids":['$second']}'*) ;; *) exit 9;; esac
      answer $id '{}'; answer $second '{}'
      next; answer $id '"own"'
      """
    try await ScriptedEngine.run(script, cancelsInEngine: true) { client in
      for _ in 0..<2 {
        let call = Task { try await client.call("slow") }
        try await client.waitForOpenCalls(1)
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        while client.openCalls > 0 { try await Task.sleep(for: .milliseconds(1)) }
      }
      #expect(try await client.call("next") == "own")
    }
  }

  @Test func oneThatCannotIsLeftAlone() async throws {
    let script = """
      next; first=$id; next; answer $id '{"methods":["search"]}'; answer $first '"late"'
      next; case "$line" in *cancel*) exit 9;; esac; answer $id '"own"'
      """
    try await ScriptedEngine.run(script, cancelsInEngine: true) { client in
      let call = Task { try await client.call("slow") }
      try await client.waitForOpenCalls(1)
      call.cancel()
      await #expect(throws: CancellationError.self) { try await call.value }
      while client.openCalls > 0 { try await Task.sleep(for: .milliseconds(1)) }
      #expect(try await client.call("next") == "own")
    }
  }

  @Test func aTaskThatIsCancelledAlreadySendsNothing() async throws {
    try await ScriptedEngine.run("next; answer $id '\"only\"'", cancelsInEngine: true) { client in
      let call = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await client.call("never")
      }
      await #expect(throws: CancellationError.self) { try await call.value }
      let answer = try await client.call("one")
      #expect(answer == "only")
    }
  }

  @Test func manyCallsMayBeGivenUpAtOnce() async throws {
    try await ScriptedEngine.run(ScriptedEngine.echo) { client in
      await withTaskGroup(of: Bool.self) { group in
        for number in 0..<500 {
          group.addTask {
            let call = Task { try await client.call("echo", ["n": number]) }
            if number.isMultiple(of: 3) { call.cancel() }
            switch await call.result {
            case .success(let answer): return answer["n"]?.integer == number
            case .failure(let error): return error is CancellationError
            }
          }
        }
        for await isRight in group { #expect(isRight) }
      }
      let last = try await client.call("echo", ["n": 1])
      #expect(last["n"] == 1)
    }
  }
}
