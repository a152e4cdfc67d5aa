import Foundation
import Service
import TestSupport
import Testing
import VectorFiles

/// What a scan says to bad input, and to what earlier scans left behind.
@Suite struct ScanRefusalTests {
  private let home: TemporaryDirectory
  private let fixture: Fixture

  init() throws {
    home = try TemporaryDirectory()
    fixture = try Fixture()
    var generator = SeededGenerator(seed: 3)
    let vectors = generator.vectors(50, dimension: 4)
    try fixture.run(fixture.request((0..<50).map { Array(vectors[$0 * 4..<$0 * 4 + 4]) }))
  }

  private func request(_ inputs: String..., output: String = "out.jsonl") -> ScanRequest {
    ScanRequest(catalogue: fixture.path, inputs: inputs, output: home.appending(output))
  }

  private func scan(_ request: ScanRequest) throws -> ScanReport {
    try CatalogueScan(request, refuse: { _ in }, progress: { _ in }).run()
  }

  /// The message that a scan ends with, the folder cut off.
  private func message(_ request: ScanRequest) -> String {
    do {
      _ = try scan(request)
      return "no error"
    } catch {
      return "\(ServiceFailure.exitCode(for: error)) "
        + ServiceFailure.message(for: error).replacing(home.path + "/", with: "")
    }
  }

  /// A file of good rows with bad ones at places.
  private func input(_ bad: [Int: [Float]] = [:], count: Int = 300, name: String = "q.npy") throws -> String {
    let rows = (0..<count).map { row -> [Float] in
      let good: [Float] = [Float(row % 7 + 1), 2, Float(row % 3), -1]
      return bad[row] ?? good
    }
    return try home.write(NpyBytes.vectors(rows), to: name)
  }

  @Test(
    arguments: [
      ([1, .nan, 0, 0], "number 1 of the vector is not a number"),
      ([1, 0, -.infinity, 0], "number 2 of the vector is infinite"),
      ([0, 0, 0, 0], "the vector has length zero, and cosine similarity needs a direction"),
    ] as [([Float], String)])
  func `A bad row ends the scan, or gets a line of its own`(_ row: [Float], _ reason: String) throws {
    let input = try input([217: row, 150: row])
    let advice = "; mend the file, or use --skip-bad to write that in the row's place and go on"
    #expect(message(request(input)) == "65 q.npy, row 150: \(reason)\(advice)")
    // Goes on from where the bad row stopped it, and ends like a scan that never stopped.
    for ending in ["jsonl", "csv", "npy"] {
      var request = request(input, output: "out.\(ending)")
      request.skipsBadRows = true
      var refused: [String] = []
      let report = try CatalogueScan(request, refuse: { refused.append($0.place) }, progress: { _ in }).run()
      #expect(report.queries == 298 && report.refused == 2 && report.hits == 2980)
      #expect(refused == ["\(input), row 150: \(reason)", "\(input), row 217: \(reason)"])
      #expect((report.resumed > 0) == (ending == "jsonl"))
    }
    let lines = String(decoding: try home.read("out.jsonl"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 300 && lines[150] == #"{"file":"\#(input)","row":150,"error":"\#(reason)"}"#)
    let comma = reason.contains(",") ? "\"" : ""
    #expect(
      String(decoding: try home.read("out.csv"), as: UTF8.self).contains(
        "\r\n\(input),217,,,,,,,\(comma)\(reason)\(comma)\r\n"))
    let scores = try NumberMatrix<Float>(home.appending("out.npy"))
    #expect(scores.rowCount == 300 && scores[217].allSatisfy { $0.isNaN } && scores[218].allSatisfy { !$0.isNaN })
    #expect(String(decoding: try home.read("out.keys.jsonl"), as: UTF8.self).split(separator: "\n")[150] == "null")
  }

  @Test func `Files that are none are refused by name before anything is written`() throws {
    let good = try input()
    let narrow = try home.write(NpyBytes.vectors([[1, 2, 3]]), to: "narrow.npy")
    let cut = try home.write(NpyBytes.vectors([[1, 2, 3, 4]]).dropLast(3), to: "cut.npy")
    #expect(message(request(good, narrow)) == "65 narrow.npy: the vectors have 3 numbers; 4 are needed")
    #expect(message(request(good, cut)).hasPrefix("65 cut.npy, byte "))
    #expect(message(request(good, home.appending("no.npy"))) == "66 no.npy: there is no such file")
    #expect(
      message(request(good, output: "out.txt")).hasPrefix("64 out.txt: the ending does not say how to write hits"))
    #expect(message(request(good, output: "q.npy")).hasPrefix("64 q.npy: cannot be input and output"))
    var all = request(good, output: "out.npy")
    (all.k, all.scoreThreshold) = (nil, 0.5)
    #expect(message(all).hasPrefix("64 out.npy: a matrix has a fixed number of columns"))
    var filtered = request(good)
    filtered.filter = #"{"mus":[]}"#
    #expect(message(filtered).hasPrefix("64 --filter"))
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: home.path)) == ["q.npy", "narrow.npy", "cut.npy"])
  }

  @Test func `A line that cannot be read is named by its row`() throws {
    let lines = [#"{"vector":[1,2,3,4]}"#, #"{"vector":[1,2,3]}"#, "nonsense", #"{"key":"z","vector":[1,1,1,1]}"#]
    let input = try home.write(Array(lines.joined(separator: "\n").utf8), to: "q.jsonl")
    #expect(message(request(input)).hasPrefix(#"65 q.jsonl, row 1: "vector" has 3 numbers; 4 are needed"#))
    var request = request(input)
    request.skipsBadRows = true
    let report = try scan(request)
    #expect(report.queries == 2 && report.refused == 2)
  }

  @Test func `What another scan began is neither continued nor lost`() throws {
    let input = try input([250: [.nan, 0, 0, 0]])
    #expect(message(request(input)).hasPrefix("65 q.npy, row 250"))
    let begun = try home.read("out.jsonl.part")
    #expect(begun.count > 10_000)
    var other = request(input)
    (other.k, other.skipsBadRows) = (3, true)
    let refusal = "73 out.jsonl.part: was begun by a scan that differs from this one: "
    #expect(message(other) == refusal + "--k was 10, and is 3 now; use --restart to begin anew")
    other.k = 10
    other.filter = #"{"must":[]}"#
    #expect(message(other).hasPrefix(refusal + "--filter was not given"))
    other.filter = nil
    other.inputs.append(input)
    #expect(message(other).hasPrefix(refusal + "its inputs were "))
    other.inputs.removeLast()
    var more = try fixture.request([[1, 2, 3, 4]], name: "more")
    more.keyPrefix = "more/"
    try fixture.run(more)
    #expect(message(other).hasPrefix(refusal + "it searched revision 1 of the catalogue, which is at 2 now"))
    #expect(try home.read("out.jsonl.part") == begun)
    other.restarts = true
    #expect(try scan(other).resumed == 0)
    other.restarts = false
    #expect(message(other) == "73 out.jsonl: exists already; choose another name, or use --force to replace it")
    other.overwrites = true
    #expect(try scan(other).queries == 299)
  }

  @Test func `Inputs that were changed meanwhile are another scan`() throws {
    let path = try input([250: [.nan, 0, 0, 0]])
    #expect(message(request(path)).hasPrefix("65 q.npy, row 250"))
    _ = try input(count: 301)
    #expect(message(request(path)).contains("q.npy was changed since"))
  }

  @Test func `Journals that are missing or damaged are told of`() throws {
    let input = try input([250: [.nan, 0, 0, 0]])
    #expect(message(request(input)).hasPrefix("65 q.npy, row 250"))
    let journal = try home.read("out.jsonl.part.journal")
    try home.write(journal.dropLast(30), to: "out.jsonl.part.journal")
    #expect(message(request(input)) == "73 out.jsonl.part.journal: cannot be understood; use --restart to begin anew")
    try home.write(journal, to: "out.jsonl.part.journal")
    try home.write(home.read("out.jsonl.part").prefix(100), to: "out.jsonl.part")
    #expect(
      message(request(input)) == "73 out.jsonl.part: is shorter than its journal says; use --restart to begin anew")
    try FileManager.default.removeItem(atPath: home.appending("out.jsonl.part.journal"))
    #expect(message(request(input)).hasPrefix("73 out.jsonl.part: exists, and no journal says what is in it"))
    var again = request(input)
    (again.restarts, again.skipsBadRows) = (true, true)
    #expect(try scan(again).queries == 299)
  }

  @Test func `Of two that write one file the second is told`() throws {
    let part = try PartFile(home.appending("out.jsonl.part"))
    #expect(
      message(request(try input())) == "75 out.jsonl.part: another process is writing to it; wait until it has ended")
    withExtendedLifetime(part) {}
  }
}
