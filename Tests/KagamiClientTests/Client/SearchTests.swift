import KagamiClient
import Testing

/// Searches over the pipe, one request or many.
@Suite(.timeLimit(.minutes(30))) struct SearchTests {
  /// Answers each request with one hit whose key is the request's id, four requests at a time and backwards.
  private let backwards = #"""
    hit() { answer $1 "{\"results\":[{\"hits\":[{\"key\":\"r$1\",\"score\":0.5}]}],\"seq\":1,\"exact\":true}"; }
    while next; do
      a=$id; next && b=$id && next && c=$id && next && d=$id && hit $d && hit $c && hit $b
      hit $a
    done
    """#

  @Test(arguments: [1, 4, 48, 1000])
  func resultsAreInTheOrderOfTheirVectors(inFlight: Int) async throws {
    let results = try await ScriptedEngine.run(
      backwards.replacing("next && b", with: "[ \(inFlight) -ge 4 ] && next && b")
    ) {
      try await $0.searchAll(vectors: [Float](repeating: 1, count: 200), dimension: 2, inFlight: inFlight)
    }
    #expect(results.map { $0.hits.map(\.key) } == (1...100).map { ["r\($0)"] })
  }

  @Test func severalVectorsTravelInOneRequest() async throws {
    // The answer has as many results as the shape of the request says.
    let script = #"""
      while next; do
        rows=${line#*\"shape\":[}; rows=${rows%%,*}; list=
        while [ $rows -gt 0 ]; do rows=$((rows - 1)); list="$list,{\"hits\":[{\"key\":\"$id/$rows\",\"score\":1}]}"; done
        answer $id "{\"results\":[${list#,}],\"seq\":1}"
      done
      """#
    let results = try await ScriptedEngine.run(script) {
      try await $0.searchAll(vectors: [Float](repeating: 1, count: 7), dimension: 1, vectorsPerRequest: 3)
    }
    #expect(results.flatMap { $0.hits.map(\.key) } == ["1/2", "1/1", "1/0", "2/2", "2/1", "2/0", "3/0"])
  }

  @Test func noVectorsNeedNoEngine() async throws {
    #expect(try await ScriptedEngine.run("next") { try await $0.searchAll(vectors: [], dimension: 8) } == [])
  }

  @Test func tooFewResultsAreAnError() async throws {
    await #expect(throws: ClientError.unexpectedAnswer(method: "search", reason: "0 results for 2 vectors")) {
      try await ScriptedEngine.run(#"next; answer $id '{"results":[],"seq":1}'"#) {
        try await $0.searchAll(vectors: [1, 2], dimension: 1, vectorsPerRequest: 2)
      }
    }
  }

  @Test func oneRefusalEndsTheWhole() async throws {
    let script =
      #"next; next; printf '{"id":%s,"error":{"code":1011,"message":"no","data":{"kind":"too_large"}}}\n' $id; next"#
    await #expect(throws: EngineError(code: 1011, message: "no", data: ["kind": "too_large"])) {
      try await ScriptedEngine.run(script) { try await $0.searchAll(vectors: [1, 2, 3], dimension: 1) }
    }
  }

  @Test(arguments: [(3, 2), (1, 0), (5, -1)])
  func raggedVectorsAreRefused(count: Int, dimension: Int) async throws {
    try await ScriptedEngine.run("next") { client in
      _ = await #expect(throws: ClientError.raggedVectors(count: count, dimension: dimension)) {
        try await client.search(vectors: [Float](repeating: 0, count: count), dimension: dimension)
      }
    }
  }

  @Test func theEngineSeesWhatWasAsked() async throws {
    // Echoed parameters are not an answer of a search; the raw line shows what went out.
    try await ScriptedEngine.run(
      #"next; printf '%s\n' "$line" | sed 's/"id":1/"id":"seen"/'; answer $id '{"results":[],"seq":4}'"#
    ) {
      client in
      var options = MatchOptions(
        scoreThreshold: 0.5, filter: ["must": [["key": "member", "match": ["value": "noto"]]]])
      options.limit = 5
      let answer = try await client.match(key: "noto/1", options: options)
      #expect(answer.seq == 4 && answer.complete == nil)
      let seen = String(decoding: try await client.nextUnclaimedLine(), as: UTF8.self)
      for part in [
        #""method":"match""#, #""key":"noto\/1""#, #""limit":5"#, #""score_threshold":0.5"#,
        #""filter":{"must":[{"#,
      ] { #expect(seen.contains(part), "\(part) in \(seen)") }
    }
  }
}
