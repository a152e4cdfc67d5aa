import Foundation
import TestSupport
import Testing

/// S13: catalogues that earlier releases left are opened, and answer what they answered.
@Suite struct GoldenTests {
  @Test(arguments: GoldenCatalogue.releases)
  func `A catalogue of every released format answers as it did`(_ release: GoldenCatalogue.Release) throws {
    let golden = try GoldenCatalogue(release)
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

  @Test(arguments: GoldenCatalogue.releases)
  func `It is sound, its snapshot is in use, and it can be edited`(_ release: GoldenCatalogue.Release) throws {
    let golden = try GoldenCatalogue(release)
    let info = try CommandResult.kagami("info", golden.path)
    #expect(info.text.contains(/snapshot 1 at revision \d, 1002 rows/) && info.text.contains("6 rows came since"))
    #expect(info.lines.contains { $0.hasPrefix("format") && $0.hasSuffix(" \(release.format)") })
    #expect(info.lines.contains { $0.hasPrefix("graph") && $0.contains("1002 rows") })
    let sound = try CommandResult.kagami("verify", golden.path).text
    let revision = try #require(sound.firstMatch(of: /sound at revision (\d); 1008 rows and 1 snapshot/)?.1)
    let removal = try CommandResult.kagami("remove", golden.path, "item/0001")
    #expect(removal.end == .exit(0), "\(removal)")
    #expect(try CommandResult.kagami("build", golden.path).end == .exit(0))
    let next = try #require(Int(revision)) + 1
    #expect(try CommandResult.kagami("verify", golden.path).text.contains("sound at revision \(next); 1008 rows and"))
  }
}
