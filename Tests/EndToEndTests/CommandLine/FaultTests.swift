import Foundation
import TestSupport
import Testing

/// What each fault of a catalogue's files ends in, command by command: the documented exit code, a message that names the file, and reads
/// that go on where they can.
@Suite struct FaultTests {
  private let sample: SampleCatalogue
  private let home: TemporaryDirectory
  private var rows: String { sample.path + "/rows/000001.rows" }

  init() throws {
    sample = try SampleCatalogue()
    home = try TemporaryDirectory()
  }

  private enum Command: String, CaseIterable {
    case search, info, verify, export, backup, build, serve, `import`
  }

  private func run(_ command: Command, after preparation: String? = nil) throws -> CommandResult {
    let queries = Repository.sample("queries.npy")
    let id = UUID().uuidString
    let options: [String] =
      switch command {
      case .search: ["--vectors", queries, "-k", "3", "--json"]
      case .info, .verify, .build, .serve: []
      case .export: ["--vectors", home.appending("\(id).npy"), "--metadata", home.appending("\(id).jsonl")]
      case .backup: [home.appending(id)]
      case .import: ["--vectors", queries, "--key-prefix", "q/"]
      }
    return try CommandResult.kagami([command.rawValue, sample.path] + options, after: preparation)
  }

  private func expect(
    _ codes: [Command: Int32], naming file: String, _ words: String = "", after preparation: String? = nil,
    source: SourceLocation = #_sourceLocation
  ) throws {
    for (command, code) in codes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let result = try run(command, after: preparation)
      #expect(result.end == .exit(code), "\(command): \(result)", sourceLocation: source)
      guard code != 0 else { continue }
      let said = result.errors + result.text
      #expect(
        said.contains(file) && (words.isEmpty || said.contains(words)), "\(command): \(result)", sourceLocation: source)
    }
  }

  private func patch(_ file: String, at offset: UInt64, _ bytes: [UInt8]) throws {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
    try handle.seek(toOffset: offset)
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
  }

  @Test func `A row file that is missing`() throws {
    try FileManager.default.removeItem(atPath: rows)
    try expect(
      [.search: 66, .serve: 66, .build: 66, .export: 66, .backup: 66, .import: 66, .verify: 65, .info: 0],
      naming: "000001.rows")
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
  }

  @Test func `A row file that is too short`() throws {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: rows))
    try handle.truncate(atOffset: 4096 + 65_536 * 4 + 512 * 1784)
    try handle.close()
    try expect(
      [.search: 65, .serve: 65, .build: 65, .export: 65, .backup: 65, .import: 65, .verify: 65, .info: 0],
      naming: "000001.rows")
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
  }

  @Test func `A row file of a newer format`() throws {
    try patch(rows, at: 8, [9])
    try expect(
      [.search: 65, .serve: 65, .build: 65, .export: 65, .import: 65, .verify: 65, .info: 0], naming: rows, "9")
    try expect([.backup: 65], naming: rows)
  }

  @Test func `A flipped bit of a row stops what copies, and nothing else`() throws {
    let sound = try run(.search)
    let place = 4096 + 65_536 * 4 + 512 * 900
    try patch(rows, at: UInt64(place + 511), [0xFF])
    try expect([.export: 65, .backup: 65, .verify: 65, .info: 0, .serve: 0], naming: rows, "row 900")
    let search = try run(.search)
    #expect(search.end == .exit(0) && search.lines.count == sound.lines.count)
  }

  @Test func `CURRENT that points nowhere costs nothing but a message`() throws {
    #expect(try run(.build).end == .exit(0))
    let sound = try run(.search)
    try Data("000077\n".utf8).write(to: URL(fileURLWithPath: sample.path + "/CURRENT"))
    let search = try run(.search)
    #expect(search.end == .exit(0) && search.lines == sound.lines)
    #expect(search.errors.contains("000077/index.kagami-index: is in force but not there"))
    try expect([.verify: 65, .info: 0, .export: 0, .backup: 0, .serve: 0], naming: "000077/index.kagami-index")
    #expect(try run(.info).text.contains("snapshot 77, which cannot be used"))
    #expect(try run(.build).end == .exit(0))
    try expect([.verify: 0, .search: 0], naming: "")
  }

  @Test func `A record of a newer format is refused by every command`() throws {
    try patch(sample.path + "/catalogue.sqlite", at: 60, [0, 0, 0, 9])
    let all = Dictionary(uniqueKeysWithValues: Command.allCases.map { ($0, Int32(65)) })
    try expect(all, naming: "catalogue.sqlite", "written in format 9, this release reads up to format 4")
  }

  @Test func `A lock that is held keeps out who writes, and names its holder`() throws {
    let writer = try EngineProcess([
      "import", sample.path, "--vectors", Repository.sample("queries.npy"), "--batch-rows", "1",
    ])
    // Until it writes, and then it holds still.
    var info = try run(.info)
    for _ in 0..<2000 where !info.text.contains("process \(writer.id), since ") { info = try run(.info) }
    writer.send(signal: SIGSTOP)
    defer { writer.send(signal: SIGKILL) }
    for _ in 0..<1000 where !writer.isStopped { usleep(1000) }
    info = try run(.info)
    if info.text.contains("nobody writes") { return }  // it was done before it could be stopped
    #expect(info.text.contains("process \(writer.id), since "), "\(info)")
    try expect([.import: 75, .build: 75], naming: sample.path, "process \(writer.id) (since ")
    try expect([.search: 0, .verify: 0, .export: 0, .backup: 0, .serve: 0], naming: "")
    writer.send(signal: SIGKILL)
    _ = try writer.waitForEnd()
    try expect([.import: 0], naming: "")
  }

  /// Who is not the superuser, as a preparation of the shell; nil where such a one cannot be had.
  private static let commoner: String? = {
    guard geteuid() == 0 else { return ":" }
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else { return nil }
    return #"set -- /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups "$@""#
  }()

  @Test(.enabled(if: commoner != nil)) func `A directory that may not be written to can be read`() throws {
    func setModes(_ file: Int, _ directory: Int) throws {
      for name in try FileManager.default.subpathsOfDirectory(atPath: sample.path) + [""] {
        let path = "\(sample.path)/\(name)"
        let mode = name == "" || name == "rows" ? directory : file
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      }
    }
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: sample.path + "/catalogue.sqlite" + suffix)
    }
    try setModes(0o444, 0o555)
    defer { try? setModes(0o644, 0o755) }
    let preparation = Self.commoner
    // Where the program itself may not be run by others there is nothing to see.
    guard try run(.info, after: preparation).end == .exit(0) else { return }
    try expect([.search: 0, .verify: 0, .serve: 0], naming: "", after: preparation)
    try expect([.import: 77, .build: 77], naming: sample.path, "permission denied", after: preparation)
  }
}
