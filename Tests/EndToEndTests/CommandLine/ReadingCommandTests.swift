import Foundation
import TestSupport
import Testing

/// `search`, `info`, `verify` and `sample`, as a person or a script uses them.
@Suite struct ReadingCommandTests {
  @Test func `Search prints a table`() throws {
    let sample = try SampleCatalogue()
    let result = try CommandResult.kagami(
      "search", sample.path, "--vectors", Repository.sample("queries.npy"), "-k", "2", "--exact")
    #expect(result.end == .exit(0))
    #expect(result.errors == "")
    #expect(
      result.lines.prefix(5) == [
        "\(Repository.sample("queries.npy")) [0]",
        "  #   score  key                                           member          work",
        "  1  0.7289  umbra-and-plum/das-haus-am-wehr-chapter-4/10  umbra-and-plum  das-haus-am-wehr-chapter-4",
        "  2  0.5079  umbra-and-plum/das-haus-am-wehr-chapter-4/04  umbra-and-plum  das-haus-am-wehr-chapter-4",
        "",
      ])
    #expect(result.lines.count == 450 * 5)
  }

  @Test func `Search prints JSON lines, the same as the answers over the pipe`() throws {
    let sample = try SampleCatalogue()
    let printed = try CommandResult.kagami(
      "search", sample.path, "--vectors", Repository.sample("queries.npy"), "-k", "3", "--json", "--threads", "1")
    #expect(printed.lines.count == 450)
    let queries = try HalfMatrix(Repository.sample("queries.npy"))
    let process = try sample.serve()
    let lines = (0..<450).map { RequestLine.make("search", $0, RequestLine.vector(queries[$0]) + #","k":3"#) }
    var answers = [[Answer.Hit]](repeating: [], count: 450)
    for answer in try process.exchange(lines).map({ try Answer($0) }) { answers[try #require(answer.id)] = answer.hits }
    struct Line: Decodable {
      var query: Int
      var hits: [Answer.Hit]
    }
    for (number, text) in printed.lines.enumerated() {
      let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
      #expect(line.query == number)
      #expect(line.hits == answers[number])
    }
  }

  @Test func `Search keeps to a filter and a threshold`() throws {
    let sample = try SampleCatalogue()
    let result = try CommandResult.kagami(
      "search", sample.path, "--vectors", Repository.sample("queries.npy"), "--json", "--score-threshold", "0.6",
      "--filter", #"{"must":[{"key":"label_year","range":{"gte":2000}},{"key":"member","match":{"value":"moonreed"}}]}"#
    )
    let hits = result.lines.joined()
    #expect(result.lines.count == 450)
    #expect(hits.contains(#""member":"moonreed""#))
    #expect(!hits.contains(#""member":"hinokage""#))
    #expect(result.lines.contains { $0.hasSuffix(#""hits":[]}"#) })
    let table = try CommandResult.kagami(
      "search", sample.path, "--vectors", Repository.sample("queries.npy"), "--score-threshold", "2")
    #expect(table.lines.first == "\(Repository.sample("queries.npy")) [0]: nothing found")
  }

  @Test func `Info is a table or valid JSON`() throws {
    let sample = try SampleCatalogue()
    let table = try CommandResult.kagami("info", sample.path)
    #expect(table.lines.first == "catalogue       \(sample.path)")
    #expect(table.lines.contains("items           1785"))
    #expect(table.lines.contains("works           250"))
    let json = try CommandResult.kagami("info", sample.path, "--json")
    let object = try #require(JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any])
    #expect(object["members"] as? Int == 6)
    #expect(object["model"] is NSNull)
  }

  @Test func `Verify is 0 for a sound catalogue and 65 for a changed row`() throws {
    let sample = try SampleCatalogue()
    let sound = try CommandResult.kagami("verify", sample.path)
    #expect(sound.end == .exit(0))
    #expect(sound.lines == ["\(sample.path): sound at revision 1; 1785 rows match their checksums."])
    let file = sample.path + "/rows/000001.rows"
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
    let end = try handle.seekToEnd()
    try handle.seek(toOffset: end - 512 * 5)
    try handle.write(contentsOf: Data([0x55]))
    try handle.close()
    let damaged = try CommandResult.kagami("verify", sample.path)
    #expect(damaged.end == .exit(65))
    #expect(damaged.lines == ["\(file): row 1780 does not match its checksum"])
    #expect(damaged.errors.contains("damaged in 1 places"))
  }

  @Test func `The sample is the one that is kept here`() throws {
    let home = try TemporaryDirectory()
    let result = try CommandResult.kagami("sample", home.appending("sample"))
    #expect(result.end == .exit(0))
    let sums = try String(contentsOfFile: Repository.sample("SHA256SUMS"), encoding: .utf8)
    let names = sums.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
    #expect(names.count >= 9)
    for name in names {
      let written = try Data(contentsOf: URL(fileURLWithPath: home.appending("sample/\(name)")))
      #expect(try written == Data(contentsOf: URL(fileURLWithPath: Repository.sample(name))), "\(name)")
    }
  }

  @Test func `A label can be filtered by`() throws {
    let process = try SampleCatalogue().serve()
    let filter = #""filter":{"must":[{"key":"label_year","match":{"value":2018}}]}"#
    let years = try NumberMatrix<Int32>(Repository.sample("labels/year.npy"))
    let answer = try Answer(process.ask(RequestLine.make("items.count", 1, filter)))
    #expect(answer.result?.count == years.numbers.count { $0 == 2018 })
  }

  @Test func `An engine says whether it is read-only`() throws {
    let sample = try SampleCatalogue()
    for (options, text) in [([], #""read_only":false"#), (["--read-only"], #""read_only":true"#)] {
      let process = try EngineProcess(["serve", sample.path] + options)
      #expect(try process.ask(RequestLine.make("engine.hello", 1)).contains(text))
    }
  }

  @Test func `A serving engine sees what another process imports`() throws {
    let sample = try SampleCatalogue()
    let process = try sample.serve()
    #expect(try Answer(process.ask(RequestLine.make("items.count", 1))).result?.count == 1785)
    let more = try CommandResult.kagami(
      "import", sample.path, "--vectors", Repository.sample("background.npy"), "--key-prefix", "background/")
    #expect(more.end == .exit(0))
    let query = try HalfMatrix(Repository.sample("background.npy"))[17]
    let search = RequestLine.vector(query) + #","k":1,"min_seq":2"#
    let answer = try Answer(process.ask(RequestLine.make("search", 2, search)))
    #expect(answer.hits.first?.key == "background/17")
    #expect(answer.result?.seq == 2)
    #expect(try Answer(process.ask(RequestLine.make("items.count", 3))).result?.count == 2085)
  }
}
