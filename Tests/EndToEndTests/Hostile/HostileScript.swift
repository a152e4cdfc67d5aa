import Foundation
import TestSupport

/// A stream of requests, good and bad, that a seed determines, and what has to come of it.
struct HostileScript {
  /// One line that was sent.
  struct Line {
    let bytes: [UInt8]
    /// The id that it is answered under; nil where it has none that can be understood.
    let id: Int?
  }

  private var random: SeededGenerator
  private var nextID = 0
  /// What the edits so far leave of the keys that this script edits.
  private(set) var items: [String: Bool] = [:]
  /// The ids of the edits of each key, in their order.
  private(set) var edits: [String: [Int]] = [:]

  /// A script.
  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  private static let vector = "[" + (0..<256).map { "\(Float($0 % 7) - 3)" }.joined(separator: ",") + "]"
  private static let keys = ["moonreed/canal-under-stars/04", "moonreed/tram-depot-under-stars/01", "nobody/nothing/1"]

  /// The next line.
  mutating func next() -> Line {
    // Now and then an id that may still be in use.
    let id = nextID > 0 && Int.random(in: 0..<20, using: &random) == 0 ? nextID - 1 : nextID
    let isFresh = id == nextID
    nextID = max(nextID, id + 1)
    let choice = Int.random(in: 0..<24, using: &random)
    // Under an id that may be in use an edit could be refused.
    if isFresh, choice == 1 || choice == 2 { return edit(id) }
    switch choice {
    case 0: return garbage()
    case 3: return line(id, "engine.sync")
    case 4: return line(id, "engine.stats")
    case 5: return line(id, "engine.health")
    case 6: return line(id, "no.such_method", #""x":1"#)
    case 7: return line(id, "search", #""key":"\#(key())","k":-3"#)
    case 8: return line(id, "search", #""vector":[1,2,3]"#)
    case 9: return line(id, "match", #""key":"\#(key())","score_threshold":0.6,"limit":20"#)
    case 10: return line(id, "items.scroll", #""limit":3"#)
    case 11:
      return line(id, "search", #""key":"\#(key())","k":1000,"_pad":"\#(String(repeating: "x", count: 20_000))""#)
    case 12: return line(id, "search", #""vector":\#(Self.vector),"group_by":"work","k":3"#)
    case 13: return line(id, "items.count", #""filter":{"must":[{"key":"member","match":{"value":"moonreed"}}]}"#)
    default: return line(id, "search", #""key":"\#(key())","k":3"#)
    }
  }

  private mutating func key() -> String { Self.keys[Int.random(in: 0..<Self.keys.count, using: &random)] }

  private func line(_ id: Int, _ method: String, _ parameters: String = "") -> Line {
    Line(bytes: Array(RequestLine.make(method, id, parameters).utf8), id: id)
  }

  /// An edit under an id that nobody has, so that it is carried out.
  private mutating func edit(_ id: Int) -> Line {
    let key = "hostile/\(Int.random(in: 0..<8, using: &random))"
    let isThere = Bool.random(using: &random)
    items[key] = isThere
    edits[key, default: []].append(id)
    return isThere
      ? line(id, "items.upsert", #""items":[{"key":"\#(key)","vector":\#(Self.vector)}]"#)
      : line(id, "items.remove", #""keys":["\#(key)"]"#)
  }

  private mutating func garbage() -> Line {
    let count = Int.random(in: 1...200, using: &random)
    // The first byte begins nothing that is JSON.
    let bytes = [UInt8(ascii: "?")] + (0..<count).map { _ in UInt8.random(in: 11...255, using: &random) }
    return Line(bytes: bytes.filter { $0 != 13 }, id: nil)
  }
}
