import KagamiClient
import Testing

/// Bytes sent as they are.
@Suite(.timeLimit(.minutes(30))) struct RawLineTests {
  @Test func rawLinesComeBackInOrder() async throws {
    try await ScriptedEngine.run("exec cat") { client in
      let lines: [[UInt8]] = [Array("{]".utf8), [0xFF, 0xFE, 0x00], Array(#"{"id":"a"}"#.utf8)]
      for line in lines { try client.send(line: line) }
      for line in lines { #expect(try await client.nextUnclaimedLine() == line) }
    }
  }

  @Test func piecesOfALineAreJoinedByTheEngine() async throws {
    try await ScriptedEngine.run("exec cat") { client in
      async let line = client.nextUnclaimedLine()
      for piece in ["ab", "c", "d\n"] { try client.send(bytes: Array(piece.utf8)) }
      #expect(try await line == Array("abcd".utf8))
    }
  }

  @Test func aLineGoesToSomebodyWhoStillWaits() async throws {
    try await ScriptedEngine.run("exec cat") { client in
      let cancelled = Task { try await client.nextUnclaimedLine() }
      cancelled.cancel()
      await #expect(throws: CancellationError.self) { try await cancelled.value }
      try client.send(line: "a".utf8)
      #expect(try await client.nextUnclaimedLine() == Array("a".utf8))
    }
  }

  @Test func callsGoOnBesideRawLines() async throws {
    try await ScriptedEngine.run(ScriptedEngine.echo) { client in
      try client.send(line: #"{"id":"raw"}"#.utf8)
      #expect(try await client.call("echo", ["a": 1]) == ["a": 1])
      #expect(try await client.nextUnclaimedLine() == Array(#"{"id":"raw"}"#.utf8))
    }
  }
}
