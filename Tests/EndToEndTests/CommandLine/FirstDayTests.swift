import Foundation
import TestSupport
import Testing

/// What a person tries on the first day: each ends in what was meant, or in a message in words of the command line.
@Suite struct FirstDayTests {
  private let home: TemporaryDirectory
  private let art: String

  init() throws {
    home = try TemporaryDirectory()
    art = home.appending("art")
    _ = try home.write(NpyBytes.vectors([[1, 2], [3, 4], [5, 6]]), to: "three.npy")
    _ = try home.write(NpyBytes.vectors([[9, 9]]), to: "one.npy")
    let made = try CommandResult.kagami("import", art, "--vectors", home.appending("three.npy"), "--metric", "l2")
    #expect(made.end == .exit(0))
  }

  private func run(_ arguments: String...) throws -> CommandResult {
    try CommandResult.kagami(arguments)
  }

  private func expect(
    _ result: CommandResult, _ code: Int32, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.end == .exit(code), "\(result)", sourceLocation: sourceLocation)
    for part in parts { #expect(result.errors.contains(part), "\(result)", sourceLocation: sourceLocation) }
    for word in ["/params", "invalid_params", "NSCocoa", "couldn’t", "Error Domain", "confirm: true"] {
      #expect(!result.errors.contains(word), "\(result)", sourceLocation: sourceLocation)
    }
  }

  @Test func `Values may be negative`() throws {
    let found = try run("search", art, "--vectors", home.appending("one.npy"), "--score-threshold", "-5.5")
    #expect(found.end == .exit(0) && found.text.contains("-5.0000") && !found.text.contains("-7.8"), "\(found)")
    let output = home.appending("hits.jsonl")
    expect(
      try run("scan", art, "--input", home.appending("one.npy"), "--output", output, "--threshold", "-8"), 0, "2 hits")
  }

  @Test(arguments: ["nan", "inf", "-inf", "1e39"])
  func `A threshold is a number`(_ value: String) throws {
    expect(try run("search", art, "--vectors", home.appending("one.npy"), "--score-threshold", value), 64, "finite")
    let output = home.appending("hits.jsonl")
    expect(
      try run("scan", art, "--input", home.appending("one.npy"), "--output", output, "--threshold", value), 64, "finite"
    )
  }

  @Test func `An option that takes one value is refused twice, one that takes several is not`() throws {
    let (one, three) = (home.appending("one.npy"), home.appending("three.npy"))
    expect(try run("search", art, "--vectors", one, "--vectors", three), 64, "--vectors is given more than once")
    expect(try run("search", art, "--vectors=\(one)", "-k", "1", "--k", "2"), 64, "given more than once")
    expect(try run("members", art, "--limit", "1", "--limit=2"), 64, "--limit is given more than once")
    let output = home.appending("hits.csv")
    expect(try run("scan", art, "--input", one, "--input", three, "--output", output), 0, "4 vectors")
  }

  @Test func `An import into an empty directory makes a catalogue there`() throws {
    let folder = home.appending("volume")
    try FileManager.default.createDirectory(atPath: folder + "/lost+found", withIntermediateDirectories: true)
    expect(try run("import", folder, "--vectors", home.appending("three.npy")), 0)
    #expect(try run("verify", folder).text.contains("3 rows"))
  }

  @Test func `Numbers for keys collide aloud`() throws {
    let one = home.appending("one.npy")
    expect(try run("import", art, "--vectors", one), 65, "one.npy, row 0", "--key-prefix", "--replace")
    #expect(try run("info", art, "--json").text.contains(#""seq":1,"#))
    expect(try run("import", art, "--vectors", home.appending("three.npy")), 0)
    expect(try run("import", art, "--vectors", one, "--replace"), 0)
    expect(try run("import", art, "--vectors", one, "--key-prefix", "one/"), 0)
  }

  @Test func `Errors of add name the line`() throws {
    let lines = try home.write(Array("\n{\"key\":\"a\",\"vector\":[1,2]}\r\n\nnonsense\n".utf8), to: "lines.jsonl")
    expect(try run("add", art, lines), 65, "lines.jsonl, line 4")
    let missing = try home.write(Array("{\"key\":\"a\",\"vector\":[1,2]}\n\n{\"key\":\"b\"}".utf8), to: "missing.jsonl")
    expect(try run("add", art, missing), 64, "missing.jsonl, line 3, vector")
    let wide = try home.write(Array("\n{\"key\":\"a\",\"vector\":[1,2,3]}\n".utf8), to: "wide.jsonl")
    expect(try run("add", art, wide), 65, "wide.jsonl, line 2 (a)")
    expect(try run("add", art, home.appending("none.jsonl")), 66, "none.jsonl: there is no such file")
    expect(try run("add", art, home.path), 74, home.path)
    #expect(try run("info", art, "--json").text.contains(#""items":3,"#))
  }

  @Test func `Messages name options and arguments`() throws {
    expect(try run("members", "put", art, ""), 64, "<member>: ")
    expect(try run("members", "put", art, "m", "--joined-at", "soon"), 64, "--joined-at: expected a date", "soon")
    expect(try run("works", "put", art, "m", "w", "--first-published", "2016-13"), 64, "--first-published", "2016-13")
    expect(try run("remove", art, "--filter", "{}"), 64, "--filter", "give --confirm")
    expect(try run("remove", art, "--filter", #"{"must":[]},"keys":["0"]"#), 64, "--filter at byte 11")
    expect(try run("permissions", "list", art, "--limit", "-1"), 64, "--limit")
  }

  @Test func `Nothing that was stored moves the cursor`() throws {
    let item = #"{"key":"x\n\u001b[31mred","vector":[9,9],"member":"m\u001b[2J\u2028"}"#
    let lines = try home.write(Array(item.utf8), to: "lines.jsonl")
    #expect(try run("import", art, "--vectors", lines).end == .exit(0))
    for result in [
      try run("search", art, "--vectors", home.appending("one.npy")), try run("members", art),
      try run("remove", art, "x\n\u{1B}[31mred"),
    ] {
      #expect(!result.text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x2028 }, "\(result)")
      #expect(result.text.contains(#"\u{1b}["#), "\(result)")
    }
  }

  @Test func `An object of attributes means the same in an import and in add`() throws {
    let item = #"{"key":"a","vector":[9,9],"attributes":{"year":1999,"title":"T"},"n":1}"#
    #expect(try run("import", art, "--vectors", try home.write(Array(item.utf8), to: "a.jsonl")).end == .exit(0))
    let filter = #"{"must":[{"key":"year","match":{"value":1999}},{"key":"n","match":{"value":1}}]}"#
    #expect(try run("search", art, "--vectors", home.appending("one.npy"), "--filter", filter).text.contains(" a"))
    let (vectors, metadata) = (home.appending("out.npy"), home.appending("out.jsonl"))
    expect(try run("export", art, "--vectors", vectors, "--metadata", metadata, "--filter", filter), 0)
    #expect(
      try String(contentsOfFile: metadata, encoding: .utf8).contains(#""attributes":{"year":1999,"title":"T","n":1}"#))
    let twice = #"{"key":"b","vector":[9,9],"attributes":{"n":1},"n":2}"#
    expect(try run("import", art, "--vectors", try home.write(Array(twice.utf8), to: "b.jsonl")), 65, "beside it")
  }

  @Test func `A file of another format is named`() throws {
    func number(_ value: Int, _ bytes: Int = 4) -> [UInt8] {
      (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let floats = (1...6).map { number(Int(Float($0).bitPattern)) }
    let prefixed = stride(from: 0, to: 6, by: 2).flatMap { number(2) + floats[$0] + floats[$0 + 1] }
    let packed = number(3) + number(2) + floats.joined()
    let wide = number(3, 8) + number(2, 8) + floats.joined()
    for (name, bytes, guess) in [
      ("a.fbin", prefixed, "it looks like .fvecs: rename it"), ("a.fvecs", packed, "it looks like .fbin: rename it"),
      ("b.fbin", wide, "a header of 64 bits: its 3 rows of 2 numbers (float32)"),
      ("b.fvecs", Array(NpyBytes.vectors([[1, 2]])), "it looks like .npy"),
    ] {
      expect(try run("import", home.appending("new"), "--vectors", try home.write(bytes, to: name)), 65, name, guess)
    }
  }

  @Test func `A planted link is not written through`() throws {
    let victim = try home.write(Array("precious".utf8), to: "victim")
    let output = home.appending("hits.jsonl")
    try FileManager.default.createSymbolicLink(atPath: output + ".part", withDestinationPath: victim)
    let scan = ["scan", art, "--input", home.appending("one.npy"), "--output", output]
    for options in [[], ["--restart"], ["--force"]] {
      expect(try CommandResult.kagami(scan + options), 73, "hits.jsonl.part: is a symbolic link")
    }
    #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
    let sample = home.appending("sample")
    try FileManager.default.createDirectory(atPath: sample, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: sample + "/items.npy", withDestinationPath: victim)
    expect(try run("sample", sample), 73, "items.npy: is a symbolic link")
    #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
  }

  @Test(.enabled(if: geteuid() == 0), arguments: ["", "/catalogue.sqlite"])
  func `A catalogue that may not be read, or not be written, is 77`(_ part: String) throws {
    for folder in [home.path, art] { chmod(folder, 0o755) }
    chmod(art + part, 0)
    let nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", Repository.executable]
    func ask(_ words: String...) throws -> (Int32, String) {
      let (process, errors) = (Process(), Pipe())
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      (process.arguments, process.standardError, process.standardOutput) = (nobody + words, errors, Pipe())
      try process.run()
      let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return (process.terminationStatus, text)
    }
    let (code, text) = try ask("info", art)
    #expect(code == 77 && text.contains(art) && text.contains("permission denied"), "\(code) \(text)")
    chmod(art + part, part.isEmpty ? 0o755 : 0o644)
    let (edit, reason) = try ask("members", "put", art, "m")
    #expect(edit == 77 && reason.contains("permission denied"), "\(edit) \(reason)")
  }
}
