import Foundation
import TestSupport
import Testing

/// One engine for many callers, over a local socket.
@Suite struct SocketTests {
  private let sample: SampleCatalogue
  private let home: TemporaryDirectory

  init() throws {
    (sample, home) = (try SampleCatalogue(), try TemporaryDirectory())
  }

  private var path: String { home.appending("engine") }

  /// An engine that listens already.
  private func serve(_ options: String...) throws -> EngineProcess {
    let process = try EngineProcess(["serve", sample.path, "--socket", path, "--threads", "2"] + options)
    let deadline = ContinuousClock.now + EngineProcess.patience
    while !FileManager.default.fileExists(atPath: path), ContinuousClock.now < deadline { usleep(5000) }
    return process
  }

  /// A caller; the engine may be about to listen.
  private func connect() throws -> LocalClient {
    let deadline = ContinuousClock.now + EngineProcess.patience
    while ContinuousClock.now < deadline {
      if let client = LocalClient(path) { return client }
      usleep(5000)
    }
    return try #require(LocalClient(path))
  }

  private func search(_ id: Int, _ k: Int = 3) throws -> String {
    let queries = try HalfMatrix(Repository.sample("queries.npy"))
    return RequestLine.make("search", id, RequestLine.vector(queries[id % 450]) + #","k":\#(k)"#)
  }

  @Test func `The file is for its owner only, and goes with the engine`() throws {
    let process = try serve()
    _ = try connect()
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    process.send(signal: SIGTERM)
    #expect(try process.waitForEnd() == .exit(0))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `Thirty-two callers get their own answers, with the same ids`() throws {
    let process = try serve()
    let clients = try (0..<32).map { _ in try connect() }
    #expect(clients.count == 32)
    let expected = try sample.serve().exchange((0..<10).map { try search($0) }).sorted()
    for client in clients { client.send(try (0..<10).map { try search($0) }) }
    for client in clients {
      #expect(client.lines(10).sorted() == expected)
      client.send([RequestLine.make("engine.shutdown", 10)])
      #expect(try Answer(client.lines(1)[0]).id == 10)
      #expect(client.isEnded(), "shutdown ends the connection")
    }
    let late = try connect()
    late.send([RequestLine.make("engine.health", 1)])
    #expect(try Answer(late.lines(1)[0]).result?.state == "ok")
    process.send(signal: SIGTERM)
    #expect(late.isEnded())
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `A caller that asks for much and reads nothing holds up nobody`() throws {
    let process = try serve()
    let items = try HalfMatrix(Repository.sample("items.npy"))
    let greedy = try connect()
    let much = RequestLine.vectors(items.numbers[...], dimension: 256) + #","k":50,"exact":true"#
    greedy.send((0..<12).map { RequestLine.make("search", $0, much) })
    let modest = try connect()
    var slowest = Duration.zero
    for id in 0..<40 {
      let start = ContinuousClock.now
      modest.send([try search(id)])
      #expect(try Answer(modest.lines(1)[0]).id == id)
      slowest = max(slowest, .now - start)
    }
    #expect(greedy.linesSoFar < 12, "it is still at work")
    #expect(slowest < EngineProcess.patience / 3, "\(slowest)")
    process.send(signal: SIGTERM)
    #expect(try process.waitForEnd() == .exit(0))
  }

  /// What callers who ask for much and read nothing make an engine hold, and whether each is answered in the end.
  private func growth(_ options: String...) throws -> Int {
    let process = try EngineProcess(["serve", sample.path, "--socket", path, "--threads", "2"] + options)
    let items = try HalfMatrix(Repository.sample("items.npy"))
    // Some 700 kB a line, 60 kB an answer.
    let much = RequestLine.vectors(items.numbers.prefix(1000 * 256), dimension: 256) + #","k":1"#
    let requests = 30
    let modest = try connect()
    modest.send([try search(0)])
    #expect(modest.lines(1).count == 1)
    let before = try #require(process.memory("VmRSS"))
    let callers = try (0..<8).map { _ in try connect() }
    let lines = (0..<requests).map { RequestLine.make("search", $0, much) }
    let senders = DispatchGroup()
    for caller in callers {
      nonisolated(unsafe) let caller = caller
      senders.enter()
      Thread.detachNewThread {
        caller.send(lines)
        senders.leave()
      }
    }
    // Until it has taken all that it will take, however slow the machine is.
    var (peak, id, unchanged) = (0, 0, 0)
    while unchanged < 40, id < 1200 {
      id += 1
      modest.send([try search(1 + id % 59)])
      #expect(modest.lines(1).count == 1, "a modest caller waits for others")
      let now = process.memory("VmRSS") ?? 0
      (unchanged, peak) = (now > peak ? 0 : unchanged + 1, max(peak, now))
      usleep(50_000)
    }
    for caller in callers {
      #expect(try Set(caller.lines(requests).map { try Answer($0).id }) == Set(0..<requests))
    }
    #expect(senders.wait(timeout: .now() + 120) == .success)
    process.send(signal: SIGTERM)
    #expect(try process.waitForEnd() == .exit(0))
    return peak - before
  }

  @Test func `What all callers have under way together is bounded`() throws {
    let wide = try growth()
    let narrow = try growth("--shared-window", "4")
    #expect(narrow < wide / 2 && narrow < 120 << 20, "\(narrow >> 20) MiB more, and without the bound \(wide >> 20)")
  }

  @Test func `What one caller stored the next one finds`() throws {
    let process = try serve()
    let (first, second) = (try connect(), try connect())
    let vector = (0..<256).map { "\($0)" }.joined(separator: ",")
    first.send([RequestLine.make("items.upsert", 1, #""items":[{"key":"new","vector":[\#(vector)]}]"#)])
    #expect(first.lines(1)[0].contains(#""upserted":1"#))
    second.send([RequestLine.make("search", 1, #""vector":[\#(vector)],"k":1"#)])
    #expect(try Answer(second.lines(1)[0]).hits.first?.key == "new")
    process.send(signal: SIGINT)
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `A live engine's socket is not taken, a dead one's is`() throws {
    let process = try serve()
    _ = try connect()
    let second = try CommandResult.kagami("serve", sample.path, "--socket", path)
    #expect(second.end == .exit(75))
    #expect(second.errors.contains("another engine serves on \(path)"))
    #expect(LocalClient(path) != nil, "the first goes on")
    process.send(signal: SIGKILL)
    _ = try process.waitForEnd()
    #expect(FileManager.default.fileExists(atPath: path), "nobody could take it away")
    let third = try serve()
    _ = try connect()
    third.send(signal: SIGTERM)
    #expect(try third.waitForEnd() == .exit(0))
  }

  @Test func `A caller too many is told so`() throws {
    let process = try serve("--max-connections", "2")
    let clients = try (0..<2).map { _ in try connect() }
    for client in clients {
      client.send([RequestLine.make("items.count", 1)])
      #expect(client.lines(1).count == 1)
    }
    let third = try connect()
    let line = third.lines(1).first ?? ""
    #expect(line.contains(#""kind":"overloaded""#) && line.contains(#""retry_after_ms":"#))
    #expect(third.isEnded())
    // The first two stay connected until here.
    withExtendedLifetime(clients) {}
    process.send(signal: SIGTERM)
    #expect(try process.waitForEnd() == .exit(0))
  }

  @Test func `What cannot be a socket is refused with the reason`() throws {
    let file = try home.write(Array("text".utf8), to: "file")
    let wrong = try CommandResult.kagami("serve", sample.path, "--socket", file)
    #expect(wrong.end == .exit(73) && wrong.errors.contains("is no socket"))
    let long = try CommandResult.kagami("serve", sample.path, "--socket", "/tmp/" + String(repeating: "x", count: 120))
    #expect(long.end == .exit(64) && long.errors.contains("at most 107 bytes"))
    let nowhere = try CommandResult.kagami("serve", sample.path, "--socket", home.appending("no/engine"))
    #expect(nowhere.end == .exit(73))
  }
}
