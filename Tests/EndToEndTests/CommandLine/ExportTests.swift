import Foundation
import TestSupport
import Testing

/// `kagami export`, as a person or a script uses it.
@Suite struct ExportTests {
  private let sample: SampleCatalogue
  private let home: TemporaryDirectory
  private var files: [String] {
    ["--vectors", home.appending("out.npy"), "--metadata", home.appending("out.jsonl")]
  }

  init() throws {
    sample = try SampleCatalogue()
    home = try TemporaryDirectory()
  }

  private func export(_ options: String...) throws -> CommandResult {
    try CommandResult.kagami(["export", sample.path] + files + options)
  }

  private func search(_ catalogue: String) throws -> [String] {
    try CommandResult.kagami("search", catalogue, "--vectors", Repository.sample("queries.npy"), "--json").lines
  }

  @Test func `What it prints brings everything back`() throws {
    let result = try export()
    #expect(result.end == .exit(0) && result.errors.isEmpty)
    #expect(result.lines.first?.hasPrefix("1785 rows of \(sample.path), at revision 1, exported to ") == true)
    let again = home.appending("again.kagami")
    let advice = try #require(result.lines.last?.split(separator: "kagami import NEW ").last)
    let imported = try CommandResult.kagami(["import", again] + advice.split(separator: " ").map(String.init))
    #expect(imported.end == .exit(0), "\(imported)")
    #expect(try search(again) == search(sample.path))
    #expect(try home.read("out.npy").prefix(6) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59])
    let secondTime = try CommandResult.kagami(["import", sample.path] + files)
    #expect(secondTime.text.contains("1785 were there already"), "\(secondTime)")
  }

  @Test func `Files that exist are kept, or replaced by force`() throws {
    try home.write(Array("mine".utf8), to: "out.jsonl")
    let refused = try export()
    #expect(refused.end == .exit(73) && refused.errors.contains("\(home.appending("out.jsonl")): exists already"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == ["out.jsonl"])
    #expect(try export("--force").end == .exit(0))
    #expect(try home.read("out.jsonl").split(separator: 10).count == 1785)
  }

  @Test func `Wrong names and filters are 64`() throws {
    let same = home.appending("a.npy")
    #expect(try CommandResult.kagami("export", sample.path, "--vectors", same, "--metadata", same).end == .exit(64))
    let ending = try CommandResult.kagami("export", sample.path, "--vectors", "a.bin", "--metadata", same)
    #expect(ending.end == .exit(64) && ending.errors.contains("ends in .npy"))
    let filter = try export("--filter", #"{"mus":[]}"#)
    #expect(filter.end == .exit(64) && filter.errors.contains("did you mean must?"))
  }

  @Test func `Where there is no room nothing is left behind`() throws {
    let full = try CommandResult.kagami(["export", sample.path] + files, after: "ulimit -f 100")
    #expect(full.end == .exit(74) && full.errors.contains("cannot be written"), "\(full)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
    let nowhere = try CommandResult.kagami(
      "export", sample.path, "--vectors", home.appending("no/a.npy"), "--metadata", home.appending("b.jsonl"))
    #expect(nowhere.end == .exit(73) && nowhere.errors.contains("no/"), "\(nowhere)")
  }

  @Test func `A catalogue that is not there is 66`() throws {
    #expect(try CommandResult.kagami(["export", home.appending("no.kagami")] + files).end == .exit(66))
  }
}
