import Foundation
import TestSupport
import Testing

/// S13: catalogues that earlier releases left are opened, and answer what they answered.
@Suite struct GoldenTests {
  @Test(arguments: GoldenCatalogue.formats)
  func `A catalogue of every released format answers as it did`(_ format: Int) throws {
    let golden = try GoldenCatalogue(format: format)
    let process = try EngineProcess(["serve", golden.path, "--ordered", "--threads", "1"])
    for question in try golden.questions { try process.send(question) }
    process.closeInput()
    let answers = try process.rest().map { $0.replacing(/,"plan":"[a-z_]*"/, with: "") }
    #expect(try process.waitForEnd() == .exit(0))
    #expect(process.errorText.isEmpty, "\(process.errorText)")
    let expected = try golden.answers
    #expect(answers.count == expected.count && expected.count > 10)
    for (answer, right) in zip(answers, expected) { #expect(answer == right) }
  }

  @Test(arguments: GoldenCatalogue.formats)
  func `It is sound, its snapshot is in use, and it can be edited`(_ format: Int) throws {
    let golden = try GoldenCatalogue(format: format)
    let info = try CommandResult.kagami("info", golden.path)
    #expect(info.text.contains("snapshot 1 at revision 3, 1002 rows") && info.text.contains("6 rows came since"))
    #expect(info.lines.contains { $0.hasPrefix("format") && $0.hasSuffix(" \(format)") })
    #expect(info.lines.contains { $0.hasPrefix("graph") && $0.contains("1002 rows") })
    #expect(
      try CommandResult.kagami("verify", golden.path).text.contains("sound at revision 4; 1008 rows and 1 snapshot"))
    let removal = try CommandResult.kagami("remove", golden.path, "item/0001")
    #expect(removal.end == .exit(0), "\(removal)")
    #expect(try CommandResult.kagami("build", golden.path).end == .exit(0))
    #expect(try CommandResult.kagami("verify", golden.path).text.contains("sound at revision 5; 1008 rows and"))
  }
}
