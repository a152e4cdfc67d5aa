import Foundation

/// A conversation written down: requests, and the exact answer to each.
///
/// A file of lines. `# ` begins a comment, `> ` a request, `< ` an answer. Requests that follow one another are written at once and answered in
/// any order. Requests may hold what is tedious to write down:
///
/// | text | stands for |
/// |---|---|
/// | `«numbers FILE ROW»` | a row of `Data/FILE.npy` as an array of numbers |
/// | `«f32le FILE ROW»`, `«f16le …»`, `«i8 …»` | the same, as base64 |
/// | `«repeat N TEXT»` | TEXT, N times |
/// | `«bytes FF 0D»` | bytes by their hexadecimal values |
///
/// In an answer, `«any»` stands for any text.
public struct Transcript: Sendable {
  /// Requests that are written at once, and their answers.
  public struct Exchange: Sendable {
    /// What is tested.
    public var title = ""
    /// The first line in the file, from 1.
    public var line = 0
    /// The requests as written in the file.
    public var requests: [String] = []
    /// The answers, with their wildcards.
    public var answers: [String] = []
  }

  /// The name of its file.
  public let name: String
  /// The conversation.
  public private(set) var exchanges: [Exchange] = []

  /// All transcripts there are.
  public static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: Repository.transcripts)) ?? []
    return files.filter { $0.hasSuffix(".ndjson") }.map { String($0.dropLast(7)) }.sorted()
  }()

  /// Reads a transcript.
  ///
  /// - Parameter name: Of the file, without its ending.
  /// - Throws: Where it cannot be read.
  public init(_ name: String) throws {
    self.name = name
    let text = try String(contentsOfFile: Self.path(name), encoding: .utf8)
    var title = ""
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let content = String(line.dropFirst(2))
      switch line.first {
      case "#": title = content
      case ">":
        if exchanges.last.map({ !$0.answers.isEmpty || $0.title != title }) ?? true {
          exchanges.append(Exchange(title: title, line: number + 1))
        }
        exchanges[exchanges.count - 1].requests.append(content)
      case "<": exchanges[exchanges.count - 1].answers.append(content)
      default: break
      }
    }
  }

  private static func path(_ name: String) -> String { "\(Repository.transcripts)/\(name).ndjson" }

  /// Whether answers shall be written down instead of compared: set `KAGAMI_RECORD=1` after a change of an answer, and read the difference.
  public static let isRecording = ProcessInfo.processInfo.environment["KAGAMI_RECORD"] == "1"

  /// Writes the transcript with the answers that came; those that matched stay as they were.
  ///
  /// - Parameter answers: Those of every exchange.
  /// - Throws: Where it cannot be written.
  public func record(_ answers: [[String]]) throws {
    var lines = try String(contentsOfFile: Self.path(name), encoding: .utf8).components(separatedBy: "\n")
    for (exchange, found) in zip(exchanges, answers) where exchange.disagreement(with: found) != nil {
      let first = exchange.line - 1 + exchange.requests.count
      for (index, answer) in found.enumerated() { lines[first + index] = "< " + answer }
    }
    try lines.joined(separator: "\n").write(toFile: Self.path(name), atomically: true, encoding: .utf8)
  }
}

extension Transcript.Exchange {
  /// What is wrong with the answers that came; nil if they are those that were written down, in whatever order.
  public func disagreement(with found: [String]) -> String? {
    guard found.count == answers.count else { return "\(found.count) answers instead of \(answers.count)" }
    let (expected, found) = answers.count > 1 ? (answers.sorted(), found.sorted()) : (answers, found)
    for (expected, found) in zip(expected, found) where !Self.matches(found, expected) {
      return "line \(line), \(title):\nexpected \(expected)\nfound    \(found)"
    }
    return nil
  }

  /// Whether an answer is what was written down.
  private static func matches(_ answer: String, _ expected: String) -> Bool {
    let parts = expected.components(separatedBy: "«any»")
    guard parts.count > 1 else { return answer == expected }
    guard answer.hasPrefix(parts[0]) else { return false }
    var rest = answer.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() {
      guard let found = rest.range(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }

  /// The bytes of the requests, each with its end.
  public var bytes: [UInt8] {
    get throws { try requests.flatMap { try Transcript.expanded($0) + [10] } }
  }
}

extension Transcript {
  /// A request as it goes over the pipe.
  ///
  /// - Parameter request: With its abbreviations.
  /// - Returns: Its bytes, without an end.
  /// - Throws: Where a row of the sample cannot be read.
  public static func expanded(_ request: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = request[...]
    while let start = rest.range(of: "«"), let end = rest[start.upperBound...].range(of: "»") {
      bytes += Array(rest[..<start.lowerBound].utf8)
      bytes += try expansion(rest[start.upperBound..<end.lowerBound].components(separatedBy: " "))
      rest = rest[end.upperBound...]
    }
    return bytes + Array(rest.utf8)
  }

  private static func expansion(_ words: [String]) throws -> [UInt8] {
    switch words[0] {
    case "repeat":
      return Array(String(repeating: words.dropFirst(2).joined(separator: " "), count: Int(words[1]) ?? 0).utf8)
    case "bytes": return words.dropFirst().compactMap { UInt8($0, radix: 16) }
    default: break
    }
    let row = try HalfMatrix(Repository.sample("\(words[1]).npy"))[Int(words[2]) ?? 0]
    switch words[0] {
    case "numbers": return Array("[\(row.map { "\(Float($0))" }.joined(separator: ","))]".utf8)
    case "f32le": return base64(row.map { Float($0) })
    case "f16le": return base64(Array(row))
    case "i8": return base64(row.map { Int8(($0 * 127).rounded()) })
    default: return Array("«\(words.joined(separator: " "))»".utf8)
    }
  }

  private static func base64<Number>(_ numbers: [Number]) -> [UInt8] {
    Array(numbers.withUnsafeBytes { Data($0) }.base64EncodedString().utf8)
  }
}
