import KagamiClient
import Testing

/// Callers that no longer want to wait.
@Suite(.timeLimit(.minutes(30))) struct CancellationTests {
  @Test func aCancelledCallStopsWaitingAndItsAnswerIsDropped() async throws {
    let script = "next; a=$id; next; answer $a '\"late\"'; answer $id '\"own\"'; next; answer null 0"
    try await ScriptedEngine.run(script) { client in
      let call = Task { try await client.call("slow") }
      try await client.waitForOpenCalls(1)
      call.cancel()
      await #expect(throws: CancellationError.self) { try await call.value }
      #expect(try await client.call("next") == "own")
      try client.send(line: "{}".utf8)
      let unclaimed = try await client.nextUnclaimedLine()
      #expect(String(decoding: unclaimed, as: UTF8.self) == #"{"jsonrpc":"2.0","id":null,"result":0}"#)
    }
  }

  @Test func aCallThatNeverWentOutLeavesRoomForOthers() async throws {
    let gate = try ScriptedGate()
    try await ScriptedEngine.run(
      "next; \(gate.wait); answer $id $id; next; answer $id $id", window: CallWindow(requests: 1)
    ) { client in
      async let first = client.call("first")
      try await client.waitForOpenCalls(1)
      let second = Task { try await client.call("second") }
      try await client.waitForOpenCalls(2)
      second.cancel()
      await #expect(throws: CancellationError.self) { try await second.value }
      try gate.open()
      let answers = try await (first, client.call("third"))
      #expect(answers == (1, 3))
    }
  }

  @Test func aCancelledSearchOfManyVectorsGivesUpAll() async throws {
    try await ScriptedEngine.run("while next; do :; done") { client in
      let search = Task { try await client.searchAll(vectors: [Float](repeating: 1, count: 300), dimension: 3) }
      try await client.waitForOpenCalls(48)
      search.cancel()
      await #expect(throws: CancellationError.self) { try await search.value }
    }
  }

  @Test func cancellingTheWholeEndsTheEngine() async throws {
    let run = Task {
      try await ScriptedEngine.run("exec sleep 60", grace: .seconds(5)) { try await $0.call("never") }
    }
    try await Task.sleep(for: .milliseconds(100))
    run.cancel()
    await #expect(throws: CancellationError.self) { try await run.value }
  }
}
