import Catalogue
import Foundation
import Service
import TestSupport
import Testing
import VectorFiles
import VectorIndex

@Suite struct ImporterTests {
  private let fixture: Fixture

  init() throws {
    fixture = try Fixture()
  }

  private var exists: Bool { FileManager.default.fileExists(atPath: fixture.path) }

  // MARK: What comes in

  @Test func `Rows, metadata and labels come together`() throws {
    var request = try fixture.request(
      [[1, 2], [3, 4]],
      metadata: [
        #"{"key":"a","member":"m","work":"w","title":"T","kind":"film","source":"s","timecode":"00:01","n":[1]}"#,
        #"{"key":"b","timecode":1.5}"#,
      ])
    request.labels = [.init(name: "year", file: try fixture.home.write(NpyBytes.labels([1999, -3]), to: "year.npy"))]
    request.model = "a model"
    let report = try fixture.run(request)
    #expect(report.imported == 2)
    #expect(report.total == 2)
    #expect(report.createdCatalogue)
    #expect(report.sequence == 1)
    let a = try #require(try fixture.item("a")).record
    #expect((a.member, a.work, a.title, a.kind) == ("m", "w", "T", "film"))
    #expect(a.source == "s")
    #expect(a.timecode == .text("00:01"))
    #expect(a.attributes == #"{"n":[1],"year":1999}"#)
    let b = try #require(try fixture.item("b")).record
    #expect(b.timecode == .number(1.5))
    #expect(b.attributes == #"{"year":-3}"#)
    #expect(try CatalogueStore.open(at: fixture.path, access: .readOnly).identity.model.name == "a model")
    #expect(try fixture.open().snapshot.rows.row(Ordinal(1)) == [3, 4])
  }

  @Test func `Without metadata the keys are row numbers, behind a prefix`() throws {
    var request = try fixture.request([[1, 2], [3, 4]])
    request.keyPrefix = "p/"
    request.batchRows = 1
    let report = try fixture.run(request)
    #expect(report.sequence == 2, "one commit a batch")
    #expect(try fixture.item("p/1")?.ordinal == 1)
  }

  @Test func `Lines of JSON carry their own vectors`() throws {
    let lines = [
      #"{"key":"a","vector":[1,2],"year":1999}"#, #"{"key":"b","vector":[1]}"#, #"{"key":"c","vector":[0,0]}"#,
      #"{"key":"d"}"#, "nonsense", #"{"key":"f","vector":{"b64":"AACAPwAAAEA=","dtype":"f32le"}}"#,
    ]
    let file = try fixture.home.write(Array(lines.joined(separator: "\n").utf8), to: "items.jsonl")
    let report = try fixture.run(ImportRequest(catalogue: fixture.path, vectors: file))
    #expect(report.imported == 2)
    #expect(report.refused == 4)
    #expect(fixture.refused.count == 4)
    #expect(fixture.refused[0].hasPrefix("row 1"))
    #expect(fixture.refused[1] == "row 2 (c): the vector has length zero, and cosine similarity needs a direction")
    #expect(fixture.refused[2].contains(#""vector" is missing"#))
    #expect(fixture.refused[3].hasPrefix("row 4: line 5"))
    #expect(try fixture.open().snapshot.rows.row(Ordinal(1)) == [1, 2])
  }

  // MARK: Again

  @Test func `What is there already, exactly so, is left alone`() throws {
    let lines = [#"{"key":"a","n":1}"#, #"{"key":"b","n":2}"#, #"{"key":"c","n":3}"#]
    let request = try fixture.request([[1, 2], [3, 4], [5, 6]], metadata: lines)
    #expect(try fixture.run(request).imported == 3)
    let again = try fixture.run(request)
    #expect((again.imported, again.unchanged, again.replaced) == (0, 3, 0))
    #expect(again.sequence == 1)
    #expect(try fixture.counts().rows == 3)

    let changed = try fixture.request(
      [[1, 2], [3, 4.5], [5, 6]], metadata: [lines[0], lines[1], #"{"key":"c","n":4}"#], name: "changed")
    let third = try fixture.run(changed)
    #expect((third.imported, third.unchanged, third.replaced) == (2, 1, 2))
    #expect(third.sequence == 2)
    #expect(try fixture.counts() == CatalogueCounts(items: 3, rows: 5, members: 0, works: 0))
    #expect(try fixture.item("b")?.ordinal == 3)
    #expect(try fixture.item("c")?.record.attributes == #"{"n":4}"#)
  }

  @Test func `Words that only look the same are a change`() throws {
    try fixture.run(fixture.request([[1, 2]], metadata: [#"{"key":"a","title":"caf\#u{E9}"}"#]))
    let again = try fixture.run(fixture.request([[1, 2]], metadata: [#"{"key":"a","title":"cafe\#u{301}"}"#]))
    #expect((again.imported, again.unchanged, again.replaced) == (1, 0, 1))
  }

  @Test func `Of rows with one key the last counts`() throws {
    let lines = [#"{"key":"a"}"#, #"{"key":"b"}"#, #"{"key":"a"}"#, #"{"key":"a"}"#]
    let rows: [[Float]] = [[1, 0], [2, 0], [3, 0], [4, 0]]
    let report = try fixture.run(fixture.request(rows, metadata: lines))
    #expect((report.imported, report.superseded, report.replaced) == (2, 2, 0))
    let engine = try fixture.open()
    #expect(engine.snapshot.live.ordinals == [1, 3])
    #expect(engine.snapshot.rows.row(Ordinal(3)) == [4, 0])
    #expect(try fixture.counts().items == 2)
  }

  @Test(arguments: [1, 2, 8], [false, true])
  func `The last of several rows with one key counts, however often they are imported`(
    _ batchRows: Int, _ isAtomic: Bool
  ) throws {
    let lines = [#"{"key":"a"}"#, #"{"key":"b"}"#, #"{"key":"a"}"#, #"{"key":"a"}"#]
    var request = try fixture.request([[1, 0], [2, 0], [3, 0], [4, 0]], metadata: lines)
    (request.batchRows, request.isAtomic) = (batchRows, isAtomic)
    for _ in 0..<3 {
      try fixture.run(request)
      let snapshot = try fixture.open().snapshot
      #expect(snapshot.liveCount == 2)
      let a = try #require(try fixture.item("a")).ordinal
      #expect(snapshot.rows.row(Ordinal(a)) == [4, 0])
      #expect(try Verifier(path: fixture.path).run { _, _ in }.findings.isEmpty)
    }
  }

  @Test func `Of rows with one key in several batches the last counts too`() throws {
    var request = try fixture.request(
      [[1, 0], [2, 0], [3, 0]], metadata: [#"{"key":"a"}"#, #"{"key":"a"}"#, #"{"key":"a"}"#])
    request.batchRows = 1
    let report = try fixture.run(request)
    #expect((report.imported, report.superseded, report.replaced) == (3, 0, 2))
    #expect(try fixture.open().snapshot.live.ordinals == [2])
  }

  // MARK: Refused rows

  @Test func `Refused rows are told with their reasons, and the others stay`() throws {
    let rows: [[Float]] = [
      [1, 0], [0, 0], [.nan, 0], [0, -.infinity], [70_000, 0], [1e-9, 0], [0, 1], [65_504, 0],
    ]
    let report = try fixture.run(fixture.request(rows))
    // Large and small ones have a direction, and so they stay.
    #expect(report.imported == 5)
    #expect(report.refused == 3)
    #expect(
      fixture.refused == [
        "row 1 (1): the vector has length zero, and cosine similarity needs a direction",
        "row 2 (2): number 0 is not finite", "row 3 (3): number 1 is not finite",
      ])
    #expect(try fixture.open().snapshot.keys[1] == "4")
  }

  @Test func `Zero and small vectors are stored where only cosine forbids them`() throws {
    var request = try fixture.request([[0, 0], [1e-9, 0], [70_000, 0]])
    request.metric = .euclidean
    request.storage = .float32
    #expect(try fixture.run(request).imported == 3)
    #expect(fixture.refused == [])
  }

  @Test func `Bad lines of metadata refuse their rows`() throws {
    let lines = [
      #"{"key":"a","member":"m"}"#, #"{"member":"m"}"#, #"{"key":"c","work":"w"}"#, #"{"key":"d","year":1}"#,
      #"{"key":"","x":1}"#, #"{"key":"f","key":"g"}"#,
    ]
    var request = try fixture.request((1...6).map { [Float($0), 1] }, metadata: lines)
    request.labels = [
      .init(name: "year", file: try fixture.home.write(NpyBytes.labels([1, 2, 3, 4, 5, 6]), to: "y.npy"))
    ]
    let report = try fixture.run(request)
    #expect(report.imported == 1)
    #expect(fixture.refused.count == 5)
    #expect(fixture.refused[0].contains(#""key" is missing"#))
    #expect(fixture.refused[1].contains(#""work" needs a "member""#))
    #expect(fixture.refused[2].contains("has an attribute year already, which --label would add"))
    #expect(fixture.refused[3].contains(#""key" is empty"#))
    #expect(fixture.refused[4].contains("stands twice"))
  }

  @Test func `All or nothing: one refused row keeps all out`() throws {
    try fixture.run(fixture.request([[1, 0]], metadata: [#"{"key":"a"}"#]))
    var request = try fixture.request(
      [[2, 0], [3, 0], [0, 0]], metadata: [#"{"key":"a"}"#, #"{"key":"b"}"#, #"{"key":"c"}"#], name: "more")
    request.isAtomic = true
    request.batchRows = 1
    #expect(throws: ImportError.self) { try fixture.run(request) }
    #expect(fixture.refused.count == 1)
    #expect(try fixture.counts() == CatalogueCounts(items: 1, rows: 1))
    #expect(try fixture.item("a")?.ordinal == 0)
    #expect(try Verifier(path: fixture.path).run { _, _ in }.findings.isEmpty)

    var sound = try fixture.request([[2, 0], [3, 0]], metadata: [#"{"key":"a"}"#, #"{"key":"b"}"#], name: "sound")
    sound.isAtomic = true
    sound.batchRows = 1
    let report = try fixture.run(sound)
    #expect((report.imported, report.replaced, report.sequence) == (2, 1, 2), "all of it is one commit")
    #expect(try Verifier(path: fixture.path).run { _, _ in }.findings.isEmpty)
  }

  @Test func `All or nothing: a catalogue made for it goes again`() throws {
    var request = try fixture.request([[1, 0], [0, 0]])
    request.isAtomic = true
    #expect(throws: ImportError.self) { try fixture.run(request) }
    #expect(!exists)
  }

  // MARK: Refused files

  @Test func `Files of unequal lengths are refused before anything is made`() throws {
    let short = try fixture.request([[1, 0], [0, 1]], metadata: [#"{"key":"a"}"#])
    #expect(throws: ImportError.self) { try fixture.run(short) }
    var labels = try fixture.request([[1, 0], [0, 1]])
    labels.labels = [.init(name: "year", file: try fixture.home.write(NpyBytes.labels([1, 2, 3]), to: "year.npy"))]
    #expect(throws: ImportError.self) { try fixture.run(labels) }
    #expect(!exists)
  }

  @Test func `A label may not take a name that means something`() throws {
    for name in ["key", "member", "work", "title", "kind", "source", "timecode"] {
      var request = try fixture.request([[1, 0]])
      request.labels = [.init(name: name, file: try fixture.home.write(NpyBytes.labels([1]), to: "l.npy"))]
      let error = #expect(throws: ImportError.self) { try fixture.run(request) }
      #expect(error.map { "\($0)".contains("--label \(name)") } ?? false)
    }
    #expect(!exists)
  }

  @Test func `An existing catalogue must be what the caller takes it for`() throws {
    var made = try fixture.request([[1, 0]])
    (made.metric, made.storage, made.model) = (.innerProduct, .float32, "one")
    try fixture.run(made)
    func refusal(_ change: (inout ImportRequest) -> Void) throws -> String {
      var request = try fixture.request([[0, 1]], name: "other")
      change(&request)
      let error = #expect(throws: ImportError.self) { try fixture.run(request) }
      return error.map { "\($0)" } ?? ""
    }
    #expect(try refusal { $0.metric = .cosine }.contains("its metric is ip, not cosine"))
    #expect(try refusal { $0.storage = .float16 }.contains("its storage is f32, not f16"))
    #expect(try refusal { $0.model = "two" }.contains("its model is one, not two"))
    let wide = try fixture.request([[1, 2, 3]], name: "wide")
    let error = #expect(throws: FileError.self) { try fixture.run(wide) }
    #expect(error?.reason == "the vectors have 3 numbers; 2 are needed")
    #expect(try fixture.counts().rows == 1)
  }

  @Test func `Vectors wider than the limit are refused`() throws {
    let request = try fixture.request([[Float](repeating: 1, count: 8193)])
    #expect(throws: ImportError.self) { try fixture.run(request) }
    #expect(!exists)
  }

  @Test func `Lines of JSON stand alone`() throws {
    let file = try fixture.home.write(Array(#"{"key":"a","vector":[1]}"#.utf8), to: "items.jsonl")
    var request = ImportRequest(catalogue: fixture.path, vectors: file)
    request.metadata = Repository.sample("items.jsonl")
    #expect(throws: ImportError.self) { try fixture.run(request) }
    #expect(!exists)
  }

  @Test func `A file that is not there leaves nothing behind`() throws {
    var request = ImportRequest(catalogue: fixture.path, vectors: fixture.home.appending("no.npy"))
    #expect(throws: FileError.self) { try fixture.run(request) }
    request = try fixture.request([[1, 0]])
    request.metadata = fixture.home.appending("no.jsonl")
    #expect(throws: FileError.self) { try fixture.run(request) }
    #expect(!exists)
  }

  @Test func `A file of no rows makes an empty catalogue`() throws {
    let file = try fixture.home.write(NpyBytes.file(type: "<f4", shape: "(0, 3)", []), to: "none.npy")
    let report = try fixture.run(ImportRequest(catalogue: fixture.path, vectors: file))
    #expect((report.imported, report.total, report.sequence) == (0, 0, 0))
    #expect(try fixture.open().snapshot.count == 0)
  }

  @Test func `Progress is told after every batch`() throws {
    var request = try fixture.request((1...10).map { [Float($0), 1] })
    request.batchRows = 4
    var steps: [Int] = []
    let importer = Importer(request, refuse: { _ in }, progress: { steps.append($0.read) })
    #expect(try importer.run().read == 10)
    #expect(steps == [4, 8, 10])
  }
}
