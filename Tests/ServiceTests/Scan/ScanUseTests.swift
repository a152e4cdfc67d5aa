import Foundation
import Service
import TestSupport
import Testing
import WireProtocol

/// A scan that says of every hit whether a use of it is permitted.
@Suite struct ScanUseTests {
  private let fixture: Fixture
  private let home: TemporaryDirectory
  private let input: String

  init() throws {
    (fixture, home) = (try Fixture(), try TemporaryDirectory())
    let lines = [
      #"{"key":"m/1","member":"m","work":"v","title":"T"}"#, #"{"key":"m/2","member":"m","work":"w"}"#,
      #"{"key":"n/1","member":"n","work":"v"}"#, #"{"key":"free"}"#,
    ]
    try fixture.run(fixture.request([[1, 0], [1, 0.1], [1, 0.2], [1, 0.3]], metadata: lines))
    input = try home.write(NpyBytes.vectors([[1, 0], [0, 0], [1, 0.3]]), to: "q.npy")
    ask(
      "permissions.put",
      #""id":"p,1","member":"m","work":"v","licensee":"acme","uses":["training"],"granted_at":"2024-12-20""#)
    ask("permissions.put", #""id":"p2","member":"n","licensee":"acme","uses":["display"],"granted_at":"2024-12-20""#)
  }

  @discardableResult
  private func ask(_ method: String, _ params: String) -> [String] {
    guard let engine = try? fixture.open() else { return [] }
    let answers = MemoryPipe.answers(engine, [Array((RequestLine.make(method, 1, params) + "\n").utf8)[...]])
    #expect(answers.count == 1 && answers[0].contains(#""result""#), "\(answers)")
    return answers
  }

  private static let use = UseOptions(licensee: "acme", use: "training", territory: "JP", at: "2025-03-01")

  private func request(_ output: String, _ use: UseOptions? = use) -> ScanRequest {
    var request = ScanRequest(catalogue: fixture.path, inputs: [input], output: home.appending(output))
    (request.use, request.k, request.skipsBadRows) = (use, 4, true)
    return request
  }

  @discardableResult
  private func scan(_ request: ScanRequest) throws -> String {
    _ = try CatalogueScan(request, refuse: { _ in }, progress: { _ in }).run()
    return String(decoding: try home.read((request.output as NSString).lastPathComponent), as: UTF8.self)
  }

  private static func member(_ status: String) -> String { #""permission":{"status":"\#(status)}"# }

  @Test func `Lines say what a search says`() throws {
    let lines = try scan(request("out.jsonl")).split(separator: "\n").map(String.init)
    #expect(lines.count == 3 && lines[1].contains(#""error""#))
    let answer = ask(
      "search", #""vector":[1,0],"k":4,"use":{"licensee":"acme","use":"training","territory":"JP","at":"2025-03-01"}"#)
    let hits = try #require(answer[0].firstRange(of: #""hits":["#)).upperBound
    let end = try #require(answer[0].firstRange(of: "]}]")).lowerBound
    #expect(lines[0] == #"{"file":"\#(input)","row":0,"hits":["# + answer[0][hits..<end] + "]}")
    for part in [
      Self.member(#"permitted","id":"p,1""#), Self.member(#"not_permitted","reason":"none_recorded""#),
      Self.member(#"not_permitted","reason":"other_use","id":"p2""#),
    ] { #expect(lines[0].contains(part), "\(lines[0])") }
  }

  @Test(arguments: [false, true]) func `Columns of CSV`(withAttributes: Bool) throws {
    var request = request("out.csv")
    request.withAttributes = withAttributes
    let text = try scan(request).components(separatedBy: "\r\n")
    let attributes = withAttributes ? ",kind,title,source,timecode,attributes" : ""
    #expect(text[0] == "file,row,query,rank,key,score,member,work,permission,reason,permission_id\(attributes),error")
    let more = withAttributes ? ",,,,," : ""
    #expect(text[1] == "\(input),0,,1,m/1,1.0,m,v,permitted,,\"p,1\"" + (withAttributes ? ",,T,,," : "") + ",")
    #expect(text[2].hasSuffix(",m,w,not_permitted,none_recorded,\(more),"))
    #expect(text[3].hasSuffix(",n,v,not_permitted,other_use,p2\(more),"))
    #expect(text[4].hasSuffix(",,,not_permitted,none_recorded,\(more),"))
    #expect(text[5].hasPrefix("\(input),1,,,,,,,,,\(more),"), "\(text[5])")
    // But for the row that was refused, with a comma in the reason.
    let commas = text.dropLast().enumerated().filter { $0.offset != 5 }.map { $0.element.replacing("p,1", with: "p") }
    #expect(Set(commas.map { $0.filter { $0 == "," }.count }).count == 1)
  }

  /// Blocks that are searched late say the same as those before, whatever is recorded meanwhile.
  @Test func `The register is asked as of the revision that is searched`() throws {
    let rows = try home.write(NpyBytes.vectors(Array(repeating: [1, 0], count: 6_000)), to: "many.npy")
    var request = request("before.jsonl")
    request.inputs = [rows]
    let before = try scan(request)
    request.output = home.appending("during.jsonl")
    var isRecorded = false
    let during = CatalogueScan(request, refuse: { _ in }) { _ in
      guard !isRecorded else { return }
      isRecorded = true
      ask("permissions.revoke", #""id":"p,1","revoked_at":"2025-01-01""#)
      ask(
        "permissions.put",
        #""id":"p0","member":"m","work":"w","licensee":"acme","uses":["training"],"granted_at":"2024-12-20""#)
    }
    #expect(try during.run().queries == 6_000 && isRecorded)
    #expect(try String(decoding: home.read("during.jsonl"), as: UTF8.self) == before)
    request.output = home.appending("after.jsonl")
    let after = try scan(request)
    #expect(
      after.contains(#""reason":"revoked_before","id":"p,1""#) && after.contains(Self.member(#"permitted","id":"p0""#)))
    var use = Self.use
    use.asKnownAt = "2024-01-01"
    #expect(try !self.scan(self.request("known.jsonl", use)).contains("p,1"), "nothing was recorded by then")
  }

  @Test func `What is no use, and a matrix, are refused with the option's name`() throws {
    func failure(_ request: ScanRequest) -> (text: String, code: Int32) {
      do {
        try scan(request)
        return ("", 0)
      } catch {
        return (ServiceFailure.message(for: error), ServiceFailure.exitCode(for: error))
      }
    }
    let matrix = failure(request("out.npy"))
    #expect(matrix.code == 64 && matrix.text.contains("out.npy: a matrix of scores has no place for permissions"))
    var use = Self.use
    use.use = "trainings"
    #expect(failure(request("a.jsonl", use)).text == "--use: unknown use; did you mean training? (got trainings)")
    use = Self.use
    use.at = "yesterday"
    #expect(failure(request("b.jsonl", use)).text.hasPrefix("--at: "))
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == ["q.npy"])
  }

  @Test func `A scan of another use does not go on where this one stopped`() throws {
    try home.write(NpyBytes.vectors(Array(repeating: [1, 0], count: 600) + [[.nan, 0]]), to: "q.npy")
    var begun = request("out.jsonl")
    begun.skipsBadRows = false
    #expect(throws: ScanError.self) { try scan(begun) }
    var other = begun
    other.use?.territory = "DE"
    #expect {
      try scan(other)
    } throws: {
      "\($0)".contains("--territory was JP, and is DE now")
    }
    other = begun
    other.skipsBadRows = true
    #expect(try scan(other).split(separator: "\n").count == 601)
  }
}
