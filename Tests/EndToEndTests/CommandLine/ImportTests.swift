import Foundation
import TestSupport
import Testing

/// `kagami import`, as a person or a script uses it.
@Suite struct ImportTests {
  private let home: TemporaryDirectory
  private var catalogue: String { home.appending("art.kagami") }

  init() throws {
    home = try TemporaryDirectory()
  }

  private func info() throws -> [String: Any] {
    let result = try CommandResult.kagami("info", catalogue, "--json")
    #expect(result.lines.count == 1)
    return try #require(JSONSerialization.jsonObject(with: Data(result.text.utf8)) as? [String: Any])
  }

  private func count(_ field: String) throws -> Int? { try info()[field] as? Int }

  @Test func `Refused rows are listed, the others stay, and the exit code is 65`() throws {
    let vectors = try home.write(
      NpyBytes.vectors([[1, 0], [0, 0], [0, 1], [.nan, 1], [1, .infinity]]), to: "v.npy")
    let metadata = try home.write(
      Array(#"{"key":"a"}|{"key":"b"}|{"key":7}|{"key":"d"}|{"key":"e"}"#.replacing("|", with: "\n").utf8),
      to: "m.jsonl")
    let result = try CommandResult.kagami("import", catalogue, "--vectors", vectors, "--metadata", metadata)
    #expect(result.end == .exit(65))
    let refused = result.errors.split(separator: "\n").filter { $0.hasPrefix("refused: ") }
    #expect(
      refused == [
        "refused: row 1 (b): the vector has length zero, and cosine similarity needs a direction",
        #"refused: row 2: line 3, byte 31: "key" must be a string: write "7" in quotes"#,
        "refused: row 3 (d): number 0 is not finite",
        "refused: row 4 (e): number 1 is not finite",
      ])
    #expect(result.lines.first == "1 rows imported into \(catalogue), which is new; 4 were refused (listed above).")
    #expect(try count("items") == 1)
  }

  @Test func `All or nothing leaves nothing`() throws {
    let vectors = try home.write(NpyBytes.vectors([[1, 0], [0, 0]]), to: "v.npy")
    let result = try CommandResult.kagami("import", catalogue, "--vectors", vectors, "--atomic")
    #expect(result.end == .exit(65))
    #expect(result.errors.contains("1 rows were refused, so none was imported"))
    #expect(!FileManager.default.fileExists(atPath: catalogue))
  }

  static let brokenFiles: [(name: String, bytes: [UInt8], place: String)] = {
    let content = [UInt8](repeating: 0, count: 16)
    let sound = NpyBytes.file(type: "<f4", shape: "(2, 2)", content)
    return [
      (
        "Fortran order", NpyBytes.file(type: "<f4", fortranOrder: true, shape: "(2, 2)", content),
        "byte 44: the array is in Fortran order"
      ),
      ("double precision", NpyBytes.file(type: "<f8", shape: "(2, 1)", content), "byte 20: numbers of type '<f8'"),
      ("big-endian", NpyBytes.file(type: ">f4", shape: "(2, 2)", content), "byte 20: the numbers are big-endian"),
      ("integers", NpyBytes.file(type: "<i4", shape: "(2, 2)", content), "byte 20: the numbers are"),
      ("three dimensions", NpyBytes.file(type: "<f4", shape: "(1, 2, 2)", content), "rank 3"),
      ("cut off", Array(sound.dropLast(3)), "the file is cut off"),
      ("cut off in the header", Array(sound.prefix(40)), "byte 8"),
      ("cut off in the magic", Array(sound.prefix(3)), "byte 3"),
      ("too long", sound + [0], "byte 144: 1 bytes follow"),
      (
        "huge shape", NpyBytes.file(type: "<f4", shape: "(9223372036854775807, 2)", content),
        "more bytes than can be counted"
      ),
      (
        "huge dimension", NpyBytes.file(type: "<f4", shape: "(0, 999999999999)", content),
        "the dimension is 999999999999"
      ),
      ("negative shape", NpyBytes.file(type: "<f4", shape: "(-2, 2)", content), "negative"),
      ("another format", Array("PK\u{3}\u{4}".utf8), "byte 0: this is not a NumPy file"),
      ("nothing", [], "byte 0"),
    ]
  }()

  @Test(arguments: brokenFiles.map(\.name))
  func `A broken file is refused with its place, and the catalogue is unchanged`(_ name: String) throws {
    let broken = try #require(Self.brokenFiles.first { $0.name == name })
    let file = try home.write(broken.bytes, to: "broken.npy")
    let fresh = try CommandResult.kagami("import", catalogue, "--vectors", file)
    #expect(fresh.end == .exit(65))
    #expect(fresh.errors.contains(file), "\(fresh.errors)")
    #expect(fresh.errors.contains(broken.place), "\(fresh.errors)")
    #expect(!FileManager.default.fileExists(atPath: catalogue), "nothing is left behind")

    let sound = try home.write(NpyBytes.vectors([[1, 0]]), to: "sound.npy")
    #expect(try CommandResult.kagami("import", catalogue, "--vectors", sound).end == .exit(0))
    let before = try contents()
    #expect(try CommandResult.kagami("import", catalogue, "--vectors", file).end == .exit(65))
    #expect(try contents() == before)
  }

  /// Every file of the catalogue but those that SQLite keeps for readers.
  private func contents() throws -> [String: Data] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: catalogue)
    return try files.reduce(into: [:]) { contents, name in
      let path = "\(catalogue)/\(name)"
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else {
        return
      }
      guard name != "LOCK", !name.hasSuffix("-shm") else { return }
      contents[name] = try Data(contentsOf: URL(fileURLWithPath: path))
    }
  }

  @Test func `An import that was done is done again without effect`() throws {
    let arguments = [
      "import", catalogue, "--vectors", Repository.sample("items.npy"), "--metadata", Repository.sample("items.jsonl"),
    ]
    #expect(try run(arguments).end == .exit(0))
    let again = try run(arguments)
    #expect(again.lines.first == "0 rows imported into \(catalogue); 1785 were there already.")
    #expect(try count("seq") == 1)
    #expect(try count("rows") == 1785)
  }

  @Test func `An import that was killed is simply run again`() throws {
    let arguments = [
      "import", catalogue, "--vectors", Repository.sample("items.npy"), "--metadata", Repository.sample("items.jsonl"),
      "--batch-rows", "16",
    ]
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<8 {
      let process = try EngineProcess(arguments)
      usleep(UInt32.random(in: 5_000...60_000, using: &generator))
      process.send(signal: SIGKILL)
      _ = try process.waitForEnd()
      if FileManager.default.fileExists(atPath: catalogue) {
        #expect(try CommandResult.kagami("verify", catalogue).end == .exit(0))
      }
    }
    #expect(try run(arguments).end == .exit(0))
    #expect(try count("items") == 1785)
    #expect(try count("rows") == 1785, "nothing came twice")
    #expect(try CommandResult.kagami("verify", catalogue).end == .exit(0))
    let leftovers = try FileManager.default.contentsOfDirectory(atPath: home.path)
    #expect(leftovers.count { !$0.hasPrefix(".") } == 1)
  }

  @Test func `A prefix keeps two files without names apart; without it the second replaces the first`() throws {
    let queries = Repository.sample("queries.npy")
    let background = Repository.sample("background.npy")
    #expect(try run(["import", catalogue, "--vectors", queries, "--key-prefix", "query/"]).end == .exit(0))
    #expect(try run(["import", catalogue, "--vectors", background, "--key-prefix", "background/"]).end == .exit(0))
    #expect(try count("items") == 750)
    #expect(try run(["import", catalogue, "--vectors", queries]).end == .exit(0))
    let second = try run(["import", catalogue, "--vectors", background])
    #expect(second.lines.first == "300 rows imported into \(catalogue); 300 of them replaced items with the same keys.")
    #expect(try count("items") == 1200)
    #expect(try count("rows") == 1500)
    #expect(
      try CommandResult.kagami("info", catalogue).text.contains(
        "1200 (and 300 rows of items that were replaced or removed)"))
  }

  @Test func `A catalogue made beforehand keeps its settings`() throws {
    let made = try CommandResult.kagami(
      "create", catalogue, "--dimension", "256", "--metric", "ip", "--storage", "f32", "--model", "a model")
    #expect(made.lines == ["Made \(catalogue): 256 numbers a vector, ip, stored as f32."])
    let items = Repository.sample("items.npy")
    let other = try CommandResult.kagami("import", catalogue, "--vectors", items, "--metric", "cosine")
    #expect(other.end == .exit(65))
    #expect(other.errors.contains("its metric is ip, not cosine"))
    #expect(
      try run(["import", catalogue, "--vectors", items, "--model", "another"]).errors.contains("its model is a model"))
    #expect(try run(["import", catalogue, "--vectors", items, "--storage", "f32"]).end == .exit(0))
    let info = try info()
    #expect(info["metric"] as? String == "ip")
    #expect(info["storage"] as? String == "f32")
    #expect(info["model"] as? String == "a model")
    #expect(info["items"] as? Int == 1785)
    #expect(info["dimension"] as? Int == 256)
  }

  @Test func `Files that do not belong together are refused`() throws {
    let result = try run([
      "import", catalogue, "--vectors", Repository.sample("queries.npy"), "--metadata",
      Repository.sample("items.jsonl"),
    ])
    #expect(result.end == .exit(65))
    #expect(result.errors.contains("has 1785 rows where"))
    #expect(!FileManager.default.fileExists(atPath: catalogue))
  }

  private func run(_ arguments: [String]) throws -> CommandResult {
    try CommandResult.kagami(arguments)
  }
}
