import KagamiClient
import Synchronization
import Testing

/// Notifications while a call runs.
@Suite(.timeLimit(.minutes(30))) struct ProgressTests {
  private static let notes = """
    note() { printf '{"jsonrpc":"2.0","method":"progress","params":{"token":%s,"stage":"%s","done":%s,"total":%s}}\\n' "$1" "$2" "$3" "$4"; }

    """
  private static let built = #"{"snapshot":1,"seq":2,"rows":3,"bytes":4,"seconds":0.5}"#

  @Test func theCallThatAskedHears() async throws {
    let script =
      Self.notes
      + "next; case \"$line\" in *'\"progress_token\":'$id*) ;; *) exit 9;; esac; note $id graph 1 4; note $id graph 3 4; answer $id '\(Self.built)'"
    let heard = Mutex<[Progress]>([])
    try await ScriptedEngine.run(script) { client in
      let answer = try await client.buildIndex { progress in heard.withLock { $0.append(progress) } }
      #expect(answer.snapshot == 1 && answer.rows == 3 && answer.seconds == 0.5)
    }
    let all = heard.withLock { $0 }
    #expect(all.map(\.done) == [1, 3] && all.map(\.stage) == ["graph", "graph"])
    #expect(all.last?.fraction == 0.75)
  }

  @Test func oneThatDidNotAskSendsNoToken() async throws {
    let script = "next; case \"$line\" in *progress_token*) exit 9;; esac; answer $id '\(Self.built)'"
    try await ScriptedEngine.run(script) { client in
      let answer = try await client.buildIndex(threads: 2)
      #expect(answer.bytes == 4)
    }
  }

  @Test func notesOfUnknownCallsAndKindsBreakNothing() async throws {
    let script =
      Self.notes + #"""
        note 999 x 1 2; note '"a"' x 1 2; printf '{"jsonrpc":"2.0","method":"news","params":{}}\n'
        next; answer $id '"fine"'
        """#
    try await ScriptedEngine.run(script) { client in
      #expect(try await client.call("one") == "fine")
      let line = try await client.nextUnclaimedLine()
      #expect(String(decoding: line, as: UTF8.self).contains("news"))
    }
  }
}
