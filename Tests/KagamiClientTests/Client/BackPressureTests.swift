import KagamiClient
import Testing

/// Engines that take their time with their input, and callers with much to say.
@Suite(.timeLimit(.minutes(30))) struct BackPressureTests {
  @Test func anEngineThatDoesNotReadForAWhileLosesNothing() async throws {
    try await ScriptedEngine.run("sleep 0.3; " + ScriptedEngine.echo) { client in
      let text = String(repeating: "x", count: 20_000)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<200 {
          group.addTask {
            let answer = try await client.call("echo", ["n": .integer(number), "t": .string(text)] as JSONValue)
            #expect(answer["n"]?.integer == number && answer["t"]?.string == text)
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func theWindowIsNeverExceeded() async throws {
    // Reads what comes within a moment, says how many lines that were, and only then answers them.
    let script = #"""
      sleep 0.3; n=0; ids=
      while [ $n -lt 4 ] && next; do n=$((n + 1)); ids="$ids $id"; done
      for i in $ids; do answer $i $n; done
      while next; do answer $id 0; done
      """#
    try await ScriptedEngine.run(script, window: CallWindow(requests: 4)) { client in
      let answers = try await withThrowingTaskGroup(of: JSONValue.self) { group in
        for _ in 0..<10 { group.addTask { try await client.call("any") } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count == 10 && answers.filter { $0 == 4 }.count == 4)
    }
  }

  @Test func healthOvertakesAFullWindow() async throws {
    let script = "next; a=$id; next; answer $id '\"well\"'; answer $a '\"done\"'"
    try await ScriptedEngine.run(script, window: CallWindow(requests: 1)) { client in
      async let slow = client.call("slow")
      try await client.waitForOpenCalls(1)
      let health = try await client.health()
      #expect(health == "well")
      let answer = try await slow
      #expect(answer == "done")
    }
  }
}
