import Foundation
import VectorIndex

/// What two runs must have in common so that one can go on where the other stopped.
struct ScanIdentity: Codable, Equatable {
  /// A file with vectors, as far as it can be told apart without reading all of it.
  struct Input: Codable, Equatable {
    var file: String
    var byteCount: Int
    var modified: Double
  }

  /// The version of the program, which may find other hits or write them in another way.
  var version = EngineVersion.text
  var catalogue: String
  var sequence: Int64
  /// The snapshot that was searched by; nil for none.
  var snapshot: Int?
  /// What was asked, by the names of the options.
  var options: [String: String]
  var inputs: [Input]

  /// Compares with the run to go on from.
  ///
  /// - Parameter earlier: What that run noted.
  /// - Returns: What differs first, for a person; nil where nothing does.
  func difference(from earlier: ScanIdentity) -> String? {
    if self == earlier { return nil }
    if version != earlier.version { return "it was begun by version \(earlier.version), and this is \(version)" }
    if catalogue != earlier.catalogue { return "it searched another catalogue" }
    if sequence != earlier.sequence {
      return "it searched revision \(earlier.sequence) of the catalogue, which is at \(sequence) now"
    }
    if snapshot != earlier.snapshot { return "the catalogue has another snapshot of its index now" }
    let names = Set(options.keys).union(earlier.options.keys).sorted()
    if let name = names.first(where: { options[$0] != earlier.options[$0] }) {
      return "--\(name) was \(earlier.options[name] ?? "not given"), and is \(options[name] ?? "not given") now"
    }
    let (then, now) = (earlier.inputs.map(\.file), inputs.map(\.file))
    if then != now { return "its inputs were \(then.joined(separator: ", "))" }
    let changed = zip(inputs, earlier.inputs).first { $0 != $1 }?.0.file
    return "\(changed ?? "an input") was changed since"
  }
}

/// A place between two rows of the inputs.
struct ScanPosition: Codable, Equatable {
  /// The number of the file, from 0.
  var file = 0
  /// The next row of it, from 0.
  var row = 0
}

/// What was counted.
struct ScanTotals: Codable, Equatable {
  var queries = 0
  var hits = 0
  var refused = 0

  /// Rows of the inputs.
  var rows: Int { queries + refused }

  mutating func add(_ other: ScanTotals) {
    queries += other.queries
    hits += other.hits
    refused += other.refused
  }
}

/// How far a scan came: what is needed to go on after a crash.
///
/// Lies beside the unfinished output. It is replaced as a whole, and only after what it speaks of is on the disk.
struct ScanJournal: Codable {
  var format = 1
  var identity: ScanIdentity
  var position = ScanPosition()
  var totals = ScanTotals()
  /// The lengths of the outputs at that position.
  var byteCounts: [Int]
  /// Whether nothing is left to do but to give the outputs their names.
  var isComplete = false

  /// Reads a journal; nil where there is none.
  ///
  /// - Throws: ``ScanError/journalUnusable(file:reason:)``.
  static func read(_ path: String) throws -> ScanJournal? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      let journal = try JSONDecoder().decode(ScanJournal.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
      guard journal.format == 1 else {
        throw ScanError.journalUnusable(file: path, reason: "was written by a newer version")
      }
      return journal
    } catch let error as ScanError {
      throw error
    } catch {
      throw ScanError.journalUnusable(file: path, reason: "cannot be understood")
    }
  }

  /// Writes the journal in place of an older one, lastingly.
  ///
  /// - Throws: `IndexError`.
  func write(_ name: String, in directory: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(self), as: UTF8.self)
    try DurableDirectory.replace(name, in: directory, with: text + "\n")
  }
}
