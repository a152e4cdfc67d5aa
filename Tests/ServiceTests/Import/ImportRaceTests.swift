import Catalogue
import Foundation
import Service
import Synchronization
import TestSupport
import Testing

/// Two imports that make one catalogue: one makes it, and nothing that either committed goes.
@Suite struct ImportRaceTests {
  private let fixture: Fixture

  init() throws {
    fixture = try Fixture()
  }

  /// Runs an import beside this thread.
  private final class Other: Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let outcome = Mutex<Result<ImportReport, any Error>?>(nil)

    func start(_ request: ImportRequest) {
      Thread.detachNewThread { [self] in
        let result = Result { try Importer(request, refuse: { _ in }, progress: { _ in }).run() }
        outcome.withLock { $0 = result }
        done.signal()
      }
    }

    func result() throws -> ImportReport {
      done.wait()
      return try #require(outcome.withLock { $0 }).get()
    }
  }

  private func keys() throws -> [String] {
    var keys: [String] = []
    try CatalogueStore.open(at: fixture.path, access: .readOnly).read {
      try $0.forEachLiveItem { keys.append($0.record.key) }
    }
    return keys.sorted()
  }

  private func importer(
    _ request: ImportRequest, whenCreated: @escaping () -> Void
  ) -> Importer {
    var importer = Importer(request, refuse: { _ in }, progress: { _ in })
    importer.didCreate = whenCreated
    return importer
  }

  private func failing() throws -> ImportRequest {
    var request = try fixture.request(
      [[1, 2], [0, 0]], metadata: [#"{"key":"a"}"#, #"{"key":"b"}"#], name: "failing")
    request.isAtomic = true
    return request
  }

  private func sound(waiting time: Duration) throws -> ImportRequest {
    var request = try fixture.request([[3, 4]], metadata: [#"{"key":"c"}"#], name: "sound")
    request.lockPatience = time
    return request
  }

  @Test(arguments: [false, true])
  func `An import that fails takes away its own catalogue, and whoever waits makes another`(_ isInside: Bool) throws {
    if isInside { try FileManager.default.createDirectory(atPath: fixture.path, withIntermediateDirectories: false) }
    let (other, waiting) = (Other(), try sound(waiting: .seconds(60)))
    #expect(throws: ImportError.self) {
      try importer(failing()) {
        other.start(waiting)
        Thread.sleep(forTimeInterval: 0.2)
      }.run()
    }
    let report = try other.result()
    #expect(report.imported == 1 && report.createdCatalogue)
    #expect(try keys() == ["c"])
  }

  @Test(arguments: [false, true])
  func `Whoever does not wait is refused, and takes nothing away`(_ isInside: Bool) throws {
    if isInside { try FileManager.default.createDirectory(atPath: fixture.path, withIntermediateDirectories: false) }
    let impatient = try sound(waiting: .zero)
    var code: Int32?
    let first = try fixture.request([[1, 2]], metadata: [#"{"key":"a"}"#])
    let report = try importer(first) {
      do {
        _ = try Importer(impatient, refuse: { _ in }, progress: { _ in }).run()
      } catch { code = ServiceFailure.exitCode(for: error) }
    }.run()
    #expect(code == 75)
    #expect(report.createdCatalogue)
    #expect(try keys() == ["a"])
  }

  @Test func `Whoever waits for one that succeeds imports into its catalogue`() throws {
    let (other, waiting) = (Other(), try sound(waiting: .seconds(60)))
    let first = try fixture.request([[1, 2]], metadata: [#"{"key":"a"}"#])
    try importer(first) {
      other.start(waiting)
      Thread.sleep(forTimeInterval: 0.2)
    }.run()
    #expect(try !other.result().createdCatalogue)
    #expect(try keys() == ["a", "c"])
  }

  @Test func `Whoever waits and asks for another model is told so`() throws {
    var waiting = try sound(waiting: .seconds(60))
    waiting.metric = .euclidean
    let (other, request) = (Other(), waiting)
    try importer(try fixture.request([[1, 2]], metadata: [#"{"key":"a"}"#])) {
      other.start(request)
      Thread.sleep(forTimeInterval: 0.2)
    }.run()
    #expect(throws: ImportError.self) { try other.result() }
    #expect(try keys() == ["a"])
  }

  @Test func `A batch that was committed stays when a later one fails`() throws {
    var request = try fixture.request([[1, 2], [3, 4]], metadata: [#"{"key":"a"}"#, #"{"key":"b"}"#])
    request.batchRows = 1
    let vectors = request.vectors
    // The file is cut off after the first batch.
    let importer = Importer(request, refuse: { _ in }, progress: { _ in truncate(vectors, 128) })
    #expect(throws: (any Error).self) { try importer.run() }
    #expect(try keys() == ["a"])
  }
}
