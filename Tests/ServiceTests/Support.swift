import Catalogue
import Foundation
import Service
import Synchronization
import TestSupport
import VectorFiles
import WireProtocol

/// A catalogue in a folder of its own, filled by the importer in this process.
final class Fixture {
  let home: TemporaryDirectory
  var path: String { home.appending("art.kagami") }
  private(set) var refused: [String] = []

  init() throws {
    home = try TemporaryDirectory()
  }

  /// With the sample of `Data/` in it.
  static func sample() throws -> Fixture {
    let fixture = try Fixture()
    var request = ImportRequest(catalogue: fixture.path, vectors: Repository.sample("items.npy"))
    request.metadata = Repository.sample("items.jsonl")
    try fixture.run(request)
    return fixture
  }

  /// Imports; refusals are gathered.
  @discardableResult
  func run(_ request: ImportRequest) throws -> ImportReport {
    refused = []
    return try Importer(request, refuse: { self.refused.append("\($0)") }, progress: { _ in }).run()
  }

  /// A request to import rows, with one line of metadata each where there are some.
  func request(_ rows: [[Float]], metadata: [String] = [], name: String = "rows") throws -> ImportRequest {
    var request = ImportRequest(catalogue: path, vectors: try home.write(NpyBytes.vectors(rows), to: "\(name).npy"))
    if !metadata.isEmpty {
      request.metadata = try home.write(Array(metadata.joined(separator: "\n").utf8), to: "\(name).jsonl")
    }
    return request
  }

  func open() throws -> Engine { try Engine(path: path, threads: 2) }

  func counts() throws -> CatalogueCounts {
    try CatalogueStore.open(at: path, access: .readOnly).read { try $0.counts() }
  }

  func item(_ key: String) throws -> ItemDetails? {
    try CatalogueStore.open(at: path, access: .readOnly).read { try $0.item(forKey: key) }
  }
}

/// The in-memory twin of the pipe: what goes in comes out as whole lines, without descriptors and threads.
enum MemoryPipe {
  /// Feeds pieces of a stream to a conversation and lets one worker answer.
  ///
  /// - Parameters:
  ///   - engine: Answers.
  ///   - pieces: The stream, as it was read.
  ///   - isCancelled: Whether the engine is told to stop before the worker begins.
  /// - Returns: The answers, in the order in which they came.
  static func answers(_ engine: Engine, _ pieces: [ArraySlice<UInt8>], isCancelled: Bool = false) -> [String] {
    let handler = RequestHandler(engine: engine, isReadOnly: false)
    defer { handler.editor.close() }
    return answers(handler, pieces, isCancelled: isCancelled)
  }

  /// The same by a handler whose editor stays as it is: nothing is tidied up, as when a process is killed.
  static func answers(
    _ handler: RequestHandler, _ pieces: [ArraySlice<UInt8>], isCancelled: Bool = false
  ) -> [String] {
    let output = Output()
    // Nobody gives places back here, so there must be enough of them.
    var wide = Limits()
    (wide.windowRequests, wide.windowBytes) = (.max, .max)
    let conversation = Conversation(
      handler, window: Window(limits: wide, controlPlaces: .max),
      limits: Limits()
    ) { lines, _ in output.append(lines) }
    for piece in pieces { conversation.receive(piece.span) }
    if isCancelled { conversation.cancelQueued() }
    conversation.finish()
    conversation.work()
    return output.lines
  }

  /// Answers as they come.
  private final class Output: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var lines: [String] {
      bytes.withLock { String(decoding: $0, as: UTF8.self) }.split(separator: "\n").map(String.init)
    }

    func append(_ lines: borrowing ByteBuffer) {
      let new = lines.bytes
      bytes.withLock { $0 += new }
    }
  }
}
