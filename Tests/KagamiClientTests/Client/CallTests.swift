import KagamiClient
import Testing

/// Calls and their answers, with an engine that behaves.
@Suite struct CallTests {
  @Test func aResultIsReadAsWhatIsExpected() async throws {
    try await ScriptedEngine.run(ScriptedEngine.echo) { client in
      let parameters: JSONValue = ["n": 1, "x": 2.5, "s": "a \"quoted\" ü\n", "l": [true, nil, []], "o": [:]]
      let same = try await client.call("echo", parameters)
      #expect(same == parameters)
      let empty = try await client.call("echo")
      #expect(empty == [:])
      let typed = try await client.call("echo", ["a": [1, 2]], returning: [String: [Int]].self)
      #expect(typed == ["a": [1, 2]])
    }
  }

  @Test func anAnswerFindsItsCallInWhateverOrderItComes() async throws {
    let script = #"next; a=$id; next; b=$id; next; c=$id; answer $c $c; answer $b $b; answer $a $a; next"#
    try await ScriptedEngine.run(script) { client in
      let answers = try await withThrowingTaskGroup(of: JSONValue.self) { group in
        for _ in 0..<3 { group.addTask { try await client.call("any") } }
        return try await group.reduce(into: Set<JSONValue>()) { $0.insert($1) }
      }
      #expect(answers == [1, 2, 3])
    }
  }

  @Test func manyTasksShareOnePipe() async throws {
    try await ScriptedEngine.run(ScriptedEngine.echo, window: CallWindow(requests: 7)) { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<500 {
          group.addTask {
            let answer = try await client.call("echo", ["n": number])
            #expect(answer == ["n": .integer(number)])
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func anErrorObjectIsThrownWithAllItsParts() async throws {
    let data =
      #"{"kind":"invalid_params","pointer":"/k","offset":71,"limit":10000,"got":"ten","retryable":true,"nearest":"k"}"#
    let script = """
      next; printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32602,"message":"k is not a number","data":\(data)}}\\n' $id
      next; printf '{"jsonrpc":"2.0","id":%s,"error":{"code":1,"message":"bare"}}\\n' $id
      """
    try await ScriptedEngine.run(script) { client in
      let error = try await #require(throws: EngineError.self) { try await client.call("search") }
      #expect(error.code == -32602 && error.kind == "invalid_params" && error.pointer == "/k" && error.offset == 71)
      #expect(error.limit == 10000 && error.got == "ten" && error.isRetryable && error.data["nearest"] == "k")
      #expect(error.description == "invalid_params: k is not a number (at /k)")
      let bare = try await #require(throws: EngineError.self) { try await client.call("search") }
      #expect(bare == EngineError(code: 1, message: "bare") && !bare.isRetryable)
    }
  }

  @Test(arguments: [#"{"seq":"x"}"#, "[]", "{}"])
  func anAnswerOfAnotherShapeIsAnError(result: String) async throws {
    try await ScriptedEngine.run("next; answer $id '\(result)'") { client in
      let error = try await #require(throws: ClientError.self) { try await client.sync() }
      guard case .unexpectedAnswer("engine.sync", _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func anAnswerOfAMegabyteArrivesWhole() async throws {
    let script = #"next; printf '{"id":%s,"result":"' $id; head -c 1000000 /dev/zero | tr '\0' a; printf '"}\n'; next"#
    try await ScriptedEngine.run(script) { client in
      let answer = try await client.call("big")
      #expect(answer.string?.utf8.count == 1_000_000)
    }
  }

  @Test func itemsAndSequenceNumbersHaveTypes() async throws {
    let script = #"""
      next; answer $id '{"items":[{"key":"a","member":"m","title":"T","attributes":{"x":1}}],"missing":2}'
      next; answer $id '{"seq":12094}'
      """#
    try await ScriptedEngine.run(script) { client in
      let answer = try await client.items(["a", "b", "c"])
      #expect(answer.missing == 2 && answer.items.map(\.key) == ["a"] && answer.items.first?.member == "m")
      #expect(answer.items.first?.details == ["title": "T", "attributes": ["x": 1]])
      #expect(try await client.sync() == 12094)
    }
  }
}
