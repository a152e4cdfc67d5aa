import Foundation
import Service
import Synchronization
import TestSupport
import Testing
import WireProtocol

/// What the reader's thread answers itself: nobody works here, so whatever is answered was answered by it.
@Suite struct AtOnceTests {
  /// A stream without workers.
  private final class Stream: Sendable {
    let window: Window
    let queue = WorkQueue(width: 1)
    let handler: RequestHandler
    private let conversation: Conversation
    private let output = Mutex<[UInt8]>([])

    init(_ engine: Engine, pace: CommitPace = CommitPace()) {
      let window = Window(limits: Limits())
      let box = Box()
      handler = RequestHandler(engine: engine, isReadOnly: false, pace: pace)
      conversation = Conversation(handler, window: window, limits: Limits(), queue: queue) { lines, places in
        guard let stream = box.stream else { return }
        stream.take(lines, places)
      }
      self.window = window
      box.stream = self
    }

    private final class Box: @unchecked Sendable {
      weak var stream: Stream?
    }

    private func take(_ lines: borrowing ByteBuffer, _ places: Window.Places) {
      let new = lines.bytes
      output.withLock { $0 += new }
      window.leave(places)
    }

    var isIdle: Bool { conversation.isIdle }

    /// Feeds lines in one piece.
    ///
    /// - Returns: The answers that are there when the reader's thread is back.
    func send(_ lines: [String]) -> [String] {
      let bytes: [UInt8] = lines.flatMap { Array($0.utf8) + [10] }
      conversation.receive(bytes.span)
      return output.withLock { bytes in
        defer { bytes = [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      }
    }

    /// Answers what waits, as a worker, and ends.
    func work() -> [String] {
      conversation.finish()
      queue.close()
      queue.work()
      return send([])
    }
  }

  private func search(_ id: Int, _ rest: String = "") throws -> String {
    let queries = try HalfMatrix(Repository.sample("queries.npy"))
    return RequestLine.make("search", id, RequestLine.vector(queries[id]) + #","k":3"# + rest)
  }

  private func upsert(_ id: Int) throws -> String {
    let queries = try HalfMatrix(Repository.sample("queries.npy"))
    return RequestLine.make(
      "items.upsert", id, #""items":[{"key":"new/\#(id)","#.appending(RequestLine.vector(queries[id])) + "}]")
  }

  @Test func `A brief search that comes alone is answered where it was read, like any other`() throws {
    let fixture = try Fixture.sample()
    defer { withExtendedLifetime(fixture) {} }
    let engine = try fixture.open()
    let stream = Stream(engine)
    for id in 0..<20 {
      let line = try search(id)
      #expect(stream.send([line]) == MemoryPipe.answers(engine, [Array((line + "\n").utf8)[...]]))
      #expect(stream.isIdle)
    }
  }

  @Test func `What is not alone, or may take long, is left to the workers`() throws {
    let fixture = try Fixture.sample()
    defer { withExtendedLifetime(fixture) {} }
    let stream = Stream(try fixture.open())
    let lines = try (1...3).map { try search($0) }
    #expect(stream.send([lines[0], lines[1]]) == [])
    #expect(stream.send([lines[2]]) == [], "others wait already")
    #expect(!stream.isIdle)
    #expect(stream.work().count == 3)
    let filter = #","filter":{"must":{"key":"member","match":{"value":"noto"}}}"#
    for rest in [filter, #","deadline_ms":1000"#, #","target_recall":1"#, #","target_recall":0.9999"#] {
      let fixture = try Fixture.sample()
      defer { withExtendedLifetime(fixture) {} }
      let stream = Stream(try fixture.open())
      let line = try search(1, rest)
      #expect(stream.send([line]) == [], "\(rest)")
      #expect(stream.work().count == 1)
    }
  }

  @Test func `What another process has committed is read by a worker`() throws {
    let fixture = try Fixture.sample()
    defer { withExtendedLifetime(fixture) {} }
    let stream = Stream(try fixture.open())
    let (first, edit, last) = (try search(1), try upsert(2), try search(3))
    #expect(stream.send([first]).count == 1)
    let other = RequestHandler(engine: try fixture.open(), isReadOnly: false)
    #expect(MemoryPipe.answers(other, [Array((edit + "\n").utf8)[...]]).joined().contains(#""upserted":1"#))
    other.editor.close()
    usleep(150_000)
    #expect(stream.send([last]) == [])
    #expect(stream.work().count == 1)
  }

  @Test(arguments: [true, false])
  func `Single edits are done where they were read once commits have been quick, and lose nothing`(
    isQuick: Bool
  ) throws {
    let fixture = try Fixture.sample()
    defer { withExtendedLifetime(fixture) {} }
    let engine = try fixture.open()
    let before = engine.snapshot.liveCount
    // Whatever the disk of this machine does.
    let stream = Stream(engine, pace: CommitPace(quick: isQuick ? .seconds(3600) : .zero))
    var atOnce = 0
    for id in 0..<40 {
      let line = try upsert(id)
      let answers = stream.send([line])
      atOnce += answers.count
      // What went to the editor comes later.
      stream.handler.editor.drain()
      let late = stream.send([])
      #expect(answers.count + late.count == 1)
      #expect((answers + late).allSatisfy { $0.contains(#""upserted":1"#) }, "\(answers + late)")
    }
    #expect(engine.snapshot.liveCount == before + 40)
    // The editor's own thread does the first ones in any case.
    #expect(atOnce == (isQuick ? 40 - CommitPace.habit : 0))
    stream.handler.editor.close()
  }

  @Test func `Edits that come together are left to the editor, and none is done out of turn`() throws {
    let fixture = try Fixture.sample()
    defer { withExtendedLifetime(fixture) {} }
    let engine = try fixture.open()
    let stream = Stream(engine)
    for id in 0..<10 {
      let line = try upsert(id)
      _ = stream.send([line])
      stream.handler.editor.drain()
    }
    _ = stream.send([])
    let last = RequestLine.make("items.remove", 99, #""keys":["new/10","new/29"]"#)
    let lines = try (10..<30).map { try upsert($0) } + [last]
    var answers = stream.send(lines)
    stream.handler.editor.drain()
    answers += stream.send([])
    #expect(answers.count == 21)
    #expect(answers.contains { $0.contains(#""id":99"#) && $0.contains(#""removed":2"#) })
    stream.handler.editor.close()
  }
}
