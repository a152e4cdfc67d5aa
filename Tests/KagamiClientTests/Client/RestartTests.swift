import KagamiClient
import TestSupport
import Testing

/// An engine that ends, and the next one.
@Suite(.timeLimit(.minutes(30))) struct RestartTests {
  private static let quick = RestartPolicy(attempts: 2, delay: .milliseconds(10))

  private func run<Result: Sendable>(
    _ script: String, _ policy: RestartPolicy = quick, _ body: (RestartingClient) async throws -> Result
  ) async throws -> Result {
    var options = EngineOptions()
    options.cancelsInEngine = false
    return try await RestartingClient.withEngine(
      executable: "sh", arguments: ["-c", ScriptedEngine.helpers + script], options: options, restarts: policy, body)
  }

  /// A script whose first run ends in the middle of the first call, and whose further runs answer.
  private func onceFailing(_ folder: TemporaryDirectory) -> String {
    let mark = folder.appending("mark")
    return
      "if [ ! -e '\(mark)' ]; then next; echo \"$line\" > '\(mark)'; exit 3; fi; while next; do answer $id \"$(cat '\(mark)')\"; done"
  }

  @Test func aReadGoesOnWithTheNextEngine() async throws {
    let folder = try TemporaryDirectory()
    let first = try await run(onceFailing(folder)) { engine in
      try await engine.read { try await $0.call("items.count") }
    }
    #expect(first["method"]?.string == "items.count")
  }

  @Test func anEditIsRepeatedUnderTheSameName() async throws {
    let folder = try TemporaryDirectory()
    let mark = folder.appending("mark")
    let script =
      "if [ ! -e '\(mark)' ]; then next; echo \"$line\" > '\(mark)'; exit 3; fi; next; answer $id \"[$(cat '\(mark)'),$line]\"; while next; do :; done"
    let both = try await run(script) { engine in
      try await engine.edit { client, operation in try await client.call("items.remove", ["op_id": operation]) }
    }
    let names = both.array?.compactMap { $0["params"]?["op_id"]?.string } ?? []
    #expect(names.count == 2 && names[0] == names[1] && !names[0].isEmpty)
  }

  @Test func aRefusalIsNotRepeated() async throws {
    let script =
      #"while next; do printf '{"jsonrpc":"2.0","id":%s,"error":{"code":1004,"message":"no","data":{"kind":"not_found"}}}\n' "$id"; done"#
    await #expect(throws: EngineError.self) {
      try await run(script) { engine in try await engine.read { try await $0.call("items.get") } }
    }
  }

  @Test func oneThatAlwaysEndsIsGivenUp() async throws {
    let error = await #expect(throws: ClientError.self) {
      try await run("next; echo bad >&2; exit 5") { engine in try await engine.read { try await $0.call("one") } }
    }
    guard case .engineExited(let exit) = error else { Issue.record("\(String(describing: error))"); return }
    #expect(exit.status == .code(5) && exit.standardErrorTail.contains("bad"))
  }

  @Test func oneThatCannotBeStartedIsNotTriedAgain() async throws {
    let error = await #expect(throws: ClientError.self) {
      try await RestartingClient.withEngine(executable: "/nowhere/kagami", arguments: []) { engine in
        try await engine.read { try await $0.call("one") }
      }
    }
    guard case .cannotRun = error else { Issue.record("\(String(describing: error))"); return }
  }

  @Test func theEndOfTheBodyEndsTheEngine() async throws {
    #expect(try await run("while next; do answer $id 1; done") { _ in 7 } == 7)
    await #expect(throws: ClientError.self) {
      try await run("while next; do answer $id 1; done") { engine in
        _ = try await engine.read { try await $0.call("one") }
        throw ClientError.raggedVectors(count: 1, dimension: 2)
      }
    }
  }
}
