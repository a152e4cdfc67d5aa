import Foundation
import TestSupport
import Testing

/// What the command line refuses: its exit codes after sysexits, and messages that name the file and say what to do.
@Suite struct RefusalTests {
  private let home: TemporaryDirectory

  init() throws {
    home = try TemporaryDirectory()
  }

  private func expect(
    _ result: CommandResult, _ code: Int32, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.end == .exit(code), "\(result.errors)", sourceLocation: sourceLocation)
    for part in parts {
      #expect(result.errors.contains(part), "\(result.errors)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    [], ["frobnicate"], ["create"], ["search", "x"], ["serve", "x", "--threads", "0"],
    ["create", "x", "--dimension", "0"],
    ["create", "x", "--dimension", "8193"], ["create", "x", "--dimension", "3", "--metric", "hamming"],
    ["search", "x", "--vectors", "y", "-k", "0"], ["import", "x", "--vectors", "y", "--label", "year"],
    ["import", "x", "--vectors", "y", "--batch-rows", "0"],
  ])
  func `Wrong usage is 64`(_ arguments: [String]) throws {
    let process = try EngineProcess(arguments)
    process.closeInput()
    let output = try process.rest()
    if arguments.isEmpty {
      #expect(try process.waitForEnd() == .exit(0))
      #expect(output.contains { $0.contains("USAGE: kagami <subcommand>") })
    } else {
      #expect(try process.waitForEnd() == .exit(64))
      #expect(process.errorText.contains("Usage: kagami"))
    }
  }

  @Test(arguments: ["serve", "info", "verify"])
  func `A catalogue that is not there is 66`(_ command: String) throws {
    expect(try .kagami(command, home.appending("no.kagami")), 66, home.appending("no.kagami"), "no such file")
  }

  @Test(arguments: ["serve", "info", "verify"])
  func `A file that is no catalogue is 65`(_ command: String) throws {
    let file = try home.write(Array("hello".utf8), to: "letter.txt")
    expect(try .kagami(command, file), 65, file, "not a catalogue")
  }

  @Test func `A folder without a record names what is missing`() throws {
    expect(try .kagami("info", home.path), 66, home.appending("catalogue.sqlite"))
  }

  @Test(arguments: ["serve", "info", "verify"])
  func `A record that is no database is 65`(_ command: String) throws {
    let catalogue = try small()
    try Data("this is not SQLite, not at all, however long one looks at it".utf8).write(to: database(catalogue))
    expect(try .kagami(command, catalogue), 65, "catalogue.sqlite")
  }

  @Test(arguments: ["serve", "info", "verify", "import"])
  func `A newer format is 65, with both versions`(_ command: String) throws {
    let catalogue = try small()
    // SQLite keeps user_version, big-endian, in bytes 60 to 63 of the file.
    try patch(database(catalogue), at: 60, [0, 0, 0, 9])
    let more = command == "import" ? ["--vectors", Repository.sample("items.npy")] : []
    let process = try EngineProcess([command, catalogue] + more)
    process.closeInput()
    #expect(try process.waitForEnd() == .exit(65))
    #expect(process.errorText.contains("format 9"), "\(process.errorText)")
    #expect(process.errorText.contains("up to format 4"))
    #expect(process.errorText.contains("catalogue.sqlite"))
  }

  @Test func `A database of another program is 65`() throws {
    let catalogue = try small()
    // The application's id stands in bytes 68 to 71.
    try patch(database(catalogue), at: 68, [1, 2, 3, 4])
    expect(try .kagami("info", catalogue), 65, "catalogue.sqlite", "another program")
  }

  @Test func `A record whose pages are overwritten is 65`() throws {
    let sample = try SampleCatalogue()
    let size = try Data(contentsOf: database(sample.path)).count
    try #require(size > 3 * 4096)
    try patch(database(sample.path), at: 4096, [UInt8](repeating: 0xA5, count: size - 4096))
    try? FileManager.default.removeItem(atPath: sample.path + "/catalogue.sqlite-wal")
    try? FileManager.default.removeItem(atPath: sample.path + "/catalogue.sqlite-shm")
    expect(try .kagami("info", sample.path), 65, "catalogue.sqlite")
    let verification = try CommandResult.kagami("verify", sample.path)
    #expect(verification.end == .exit(65))
  }

  @Test func `Creating over something is 73`() throws {
    let catalogue = try small()
    expect(try .kagami("create", catalogue, "--dimension", "2"), 73, catalogue, "exists already")
    expect(try .kagami("create", home.appending("none/a.kagami"), "--dimension", "2"), 73, "there is no directory")
  }

  @Test func `An import beside another writer is 75, and readers go on`() throws {
    let catalogue = try small()
    let descriptor = open(catalogue + "/LOCK", O_RDWR | O_CLOEXEC)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    defer { close(descriptor) }
    expect(
      try .kagami("import", catalogue, "--vectors", Repository.sample("items.npy")), 65, "256 numbers; 2 are needed")
    let vectors = try home.write(NpyBytes.vectors([[1, 2]]), to: "two.npy")
    expect(try .kagami("import", catalogue, "--vectors", vectors), 75, catalogue, "writing to it")
    #expect(try CommandResult.kagami("info", catalogue).end == .exit(0))
    flock(descriptor, LOCK_UN)
    #expect(try CommandResult.kagami("import", catalogue, "--vectors", vectors).end == .exit(0))
  }

  @Test func `Thirty-two descriptors are enough`() throws {
    let sample = try SampleCatalogue()
    let process = try EngineProcess(["serve", sample.path], after: "ulimit -n 32")
    #expect(try Answer(process.ask(RequestLine.make("items.count", 1))).result?.count == 1785)
  }

  @Test func `Closed standard output is said on standard error`() throws {
    let sample = try SampleCatalogue()
    expect(try .kagami("serve", sample.path, after: "exec 1>&-"), 74, "standard output is closed")
  }

  @Test func `A limit on file sizes names the file, and what was there stays`() throws {
    let sample = try SampleCatalogue()
    let result = try CommandResult.kagami(
      "import", sample.path, "--vectors", Repository.sample("queries.npy"), "--key-prefix", "q/",
      after: "ulimit -f 1800")
    expect(result, 74, "000001.rows", "no space left")
    let info = try CommandResult.kagami("verify", sample.path)
    #expect(info.end == .exit(0))
    #expect(info.text.contains("1785 rows"))
  }

  @Test(arguments: [
    ("--filter", #"{"mus":[]}"#, "did you mean must?"), ("--filter", "year = 2018", "expected an object"),
  ])
  func `A filter that is none is 64`(_ option: String, _ value: String, _ message: String) throws {
    let sample = try SampleCatalogue()
    expect(
      try .kagami("search", sample.path, "--vectors", Repository.sample("queries.npy"), option, value), 64, "--filter",
      message)
  }

  @Test func `Queries that do not fit are 65`() throws {
    let catalogue = try small()
    let queries = Repository.sample("queries.npy")
    expect(try .kagami("search", catalogue, "--vectors", queries), 65, queries, "256", "2")
    let zero = try home.write(NpyBytes.vectors([[1, 2], [0, 0]]), to: "zero.npy")
    expect(try .kagami("search", catalogue, "--vectors", zero), 65, zero, "vector 1")
    expect(try .kagami("search", catalogue, "--vectors", home.appending("no.npy")), 66, "no.npy")
  }

  private func small() throws -> String {
    let catalogue = home.appending("\(UUID().uuidString).kagami")
    #expect(try CommandResult.kagami("create", catalogue, "--dimension", "2").end == .exit(0))
    return catalogue
  }

  private func database(_ catalogue: String) -> URL { URL(fileURLWithPath: catalogue + "/catalogue.sqlite") }

  private func patch(_ file: URL, at offset: Int, _ bytes: [UInt8]) throws {
    let handle = try FileHandle(forUpdating: file)
    try handle.seek(toOffset: UInt64(offset))
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
  }
}
