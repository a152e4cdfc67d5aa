import Foundation
import TestSupport
import Testing

/// What a library prints.
///
/// A preloaded one prints with every step of SQLite, through the descriptor and through the C library, with and without an end of line.
@Suite struct StrayPrintTests {
  private let home: TemporaryDirectory
  private let library: String

  init() throws {
    home = try TemporaryDirectory()
    library = home.appending("libstray.so")
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments = [
      "clang", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library,
      "\(Repository.root)/Sources/CStrayPrint/stray_print.c", "-ldl",
    ]
    try compiler.run()
    compiler.waitUntilExit()
    try #require(compiler.terminationStatus == 0)
  }

  private static let requests = [
    RequestLine.make("items.get", 1, #""keys":["moonreed/canal-under-stars/04","nobody/0"]"#),
    RequestLine.make("search", 2, #""key":"moonreed/canal-under-stars/04","k":20,"with_attributes":true"#),
    RequestLine.make("members.list", 3, #""limit":5"#),
    RequestLine.make("works.list", 4, #""limit":50"#),
    RequestLine.make("items.remove", 5, #""keys":["nobody/1"]"#),
    RequestLine.make("items.scroll", 6, #""limit":100"#),
    "no request",
  ]

  /// Answers but for the moment of the takedown.
  private func answers(_ process: EngineProcess) throws -> [String] {
    let lines = try process.exchange(Self.requests)
    process.closeInput()
    #expect(try process.rest() == [], "nothing comes after the answers")
    #expect(try process.waitForEnd() == .exit(0))
    return lines.map { $0.replacing(/"time":"[^"]*"/, with: "") }.sorted()
  }

  @Test func `It is found on standard error and never among the answers`() throws {
    let sample = try SampleCatalogue()
    let expected = try answers(sample.serve())
    let process = try sample.serve(after: "export LD_PRELOAD='\(library)'")
    #expect(try answers(process) == expected)
    let errors = process.errorText
    for print in [#"{"stray":"write"}"#, #"{"stray":"puts"}"#, "stray rest "] {
      #expect(errors.contains(print), "the library did not print")
    }
  }

  @Test func `Where there is no standard error it is lost`() throws {
    let sample = try SampleCatalogue()
    let expected = try answers(sample.serve())
    #expect(try answers(sample.serve(errorStream: .closed, after: "export LD_PRELOAD='\(library)'")) == expected)
  }
}
