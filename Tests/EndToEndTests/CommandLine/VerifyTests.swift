import Foundation
import TestSupport
import Testing

/// `kagami verify --full`, `--removed` and `--json`.
@Suite struct VerifyTests {
  private let sample: SampleCatalogue
  private let key = "moonreed/tram-depot-under-stars/01"

  init() throws {
    sample = try SampleCatalogue()
    #expect(try CommandResult.kagami("build", sample.path).end == .exit(0))
  }

  @Test func `A full check says what the graph finds`() throws {
    let full = try CommandResult.kagami("verify", sample.path, "--full", "--threads", "2")
    #expect(full.end == .exit(0), "\(full)")
    #expect(
      full.text.hasPrefix("\(sample.path): sound at revision 1; 1785 rows and 1 snapshot match their checksums. The"))
    #expect(full.text.contains("graph of 1785 rows is sound and finds "))
    let json = try CommandResult.kagami("verify", sample.path, "--full", "--json")
    #expect(json.text.contains(#""sound":true,"seq":1,"rows":1785,"snapshots":1,"graph_rows":1785,"recall_at_10":"#))
  }

  @Test func `Findings in JSON name file and problem`() throws {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: sample.path + "/rows/000001.rows"))
    try handle.seek(toOffset: 4096 + 65_536 * 4 + 512 * 7)
    try handle.write(contentsOf: Data([1, 2, 3, 4]))
    try handle.close()
    let json = try CommandResult.kagami("verify", sample.path, "--json")
    #expect(json.end == .exit(65) && json.errors.contains("restore it from a backup"), "\(json)")
    let problem = #"{"file":"\#(sample.path)/rows/000001.rows","problem":"row 7 does not match its checksum"}"#
    #expect(json.text.hasSuffix(#""findings":[\#(problem)]}"#), "\(json)")
  }

  @Test func `A key that is not gone ends in 65, and one that was never there in 66`() throws {
    let live = try CommandResult.kagami("verify", sample.path, "--removed", key, "--json")
    #expect(live.end == .exit(65) && live.text.contains(#""live":true"#) && live.errors.contains("remove it first"))
    let typo = try CommandResult.kagami("verify", sample.path, "--removed", "nobody")
    #expect(typo.end == .exit(66) && typo.errors.contains("no item ever had the key nobody"))
    #expect(try CommandResult.kagami("verify", sample.path, "--removed", key, "--full").end == .exit(64))
  }
}
