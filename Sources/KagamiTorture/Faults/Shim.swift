import Foundation

/// The preloaded library that counts system calls and makes one of them fail; see `Sources/CFaultShim/point.c`.
struct Shim {
  /// Kinds of files, in the order of the library.
  enum FileKind: Int, CaseIterable {
    case rows, sqlite, wal, snapshot, current, directory, other
  }

  /// Kinds of calls, in the order of the library.
  enum Call: Int, CaseIterable {
    case write, sync, rename, truncate, unlink, create, read
  }

  /// What happens, in the order of the library.
  enum Action: Int, CaseIterable {
    case count, kill, killAfter, torn, powerCut, noSpace, ioError, short, interrupted, delay
  }

  /// One point, and what happens there.
  struct Plan {
    var file: FileKind
    var call: Call
    /// Which of these calls, from 1.
    var number: Int
    var action: Action
    /// How many of these calls from there on; 0 for all.
    var times = 1
    /// What is not synced is remembered for the next process, in which the power may go.
    var hasNextLife = false
    /// What an earlier process left in this way is taken on; otherwise it is thrown away.
    var isNextLife = false
    /// Syncs of all files, or of row files alone, do nothing and say that they did.
    var lie = Lie.none
    /// 0: a power cut takes back all that is not synced; otherwise about half of it.
    var seed = 0

    /// The point without what happens there.
    var point: String { "\(file) \(call) \(number)" }

    /// Only remembers what is not synced, for the next process.
    static let remember = Plan(
      file: .other, call: .read, number: 0, action: .count, hasNextLife: true, isNextLife: true)
  }

  /// Which syncs do nothing, in the order of the library.
  enum Lie: Int {
    case none, all, rows
  }

  /// The library.
  let library: String
  private let shared: String
  /// A file in which a process leaves what it did not sync to the next one.
  var history: String { "\(shared).history" }

  /// Compiles the library.
  ///
  /// - Parameters:
  ///   - source: The folder of its sources.
  ///   - folder: Where the library goes.
  /// - Throws: ``Refusal`` where there is no compiler, or it refuses.
  init(source: String, folder: String) throws {
    library = "\(folder)/libfaults.so"
    shared = "\(folder)/faults.shared"
    let sources = try FileManager.default.contentsOfDirectory(atPath: source).filter { $0.hasSuffix(".c") }.sorted()
    let compiler = ["/usr/bin/env", "clang", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library]
    let outcome = try CommandOutcome(compiler + sources.map { "\(source)/\($0)" } + ["-ldl"])
    guard outcome.isGood else { throw Refusal("clang \(source): \(outcome.errors)") }
  }

  /// The environment that brings a plan about; nil only counts.
  ///
  /// - Parameters:
  ///   - plan: What happens where.
  ///   - catalogue: The directory whose files are watched.
  ///   - isInside: Whether the catalogue is yet to be made in that directory.
  /// - Returns: Variables.
  /// - Throws: Where the shared file cannot be written.
  func environment(_ plan: Plan?, catalogue: String, isInside: Bool = false) throws -> [String: String] {
    if plan?.isNextLife != true { try? FileManager.default.removeItem(atPath: history) }
    try Data(count: 4096).write(to: URL(fileURLWithPath: shared))
    var variables = ["LD_PRELOAD": library, "KAGAMI_FAULT_ROOT": catalogue, "KAGAMI_FAULT_SHARED": shared]
    if isInside { variables["KAGAMI_FAULT_INSIDE"] = "1" }
    guard let plan else { return variables }
    variables["KAGAMI_FAULT_KIND"] = "\(plan.file.rawValue)"
    variables["KAGAMI_FAULT_CALL"] = "\(plan.call.rawValue)"
    variables["KAGAMI_FAULT_AT"] = "\(plan.number)"
    variables["KAGAMI_FAULT_TIMES"] = "\(plan.times)"
    variables["KAGAMI_FAULT_ACTION"] = "\(plan.action.rawValue)"
    variables["KAGAMI_FAULT_JOURNAL"] = plan.action == .powerCut || plan.hasNextLife ? "1" : "0"
    variables["KAGAMI_FAULT_HISTORY"] = history
    variables["KAGAMI_FAULT_LIE"] = "\(plan.lie.rawValue)"
    variables["KAGAMI_FAULT_SEED"] = "\(plan.seed)"
    return variables
  }

  /// The environment of a process in which the power goes at once: what earlier ones did not sync is taken back.
  ///
  /// - Parameters:
  ///   - catalogue: The directory whose files are watched.
  ///   - seed: As that of a plan.
  /// - Returns: Variables.
  /// - Throws: Where the shared file cannot be written.
  func powerCut(catalogue: String, seed: Int) throws -> [String: String] {
    var plan = Plan.remember
    plan.seed = seed
    return try environment(plan, catalogue: catalogue).merging(["KAGAMI_FAULT_CUT": "1"]) { $1 }
  }

  /// The environment of a process that meets other locks than there are.
  ///
  /// - Parameters:
  ///   - catalogue: A directory of files to watch.
  ///   - microseconds: How long each lock takes; nil: every lock can be had, whoever has it.
  /// - Returns: Variables.
  /// - Throws: Where the shared file cannot be written.
  func locks(catalogue: String, delayedBy microseconds: Int?) throws -> [String: String] {
    try environment(nil, catalogue: catalogue).merging(["KAGAMI_FAULT_LOCK": "\(microseconds.map { $0 + 2 } ?? 1)"]) {
      $1
    }
  }

  /// What the library counted in the last process that it was loaded into.
  struct Counts {
    private let words: [UInt64]

    fileprivate init(_ words: [UInt64]) { self.words = words }

    /// How many calls of a kind there were.
    func calls(_ file: FileKind, _ call: Call) -> Int { Int(words[file.rawValue * 8 + call.rawValue]) }
    /// How often the planned thing happened.
    var hits: Int { Int(words[64]) }
    /// How many syncs of rows, record or log failed.
    var failedSyncs: Int { Int(words[65]) }
    /// How many writes to rows, record or log came after that.
    var writesAfterFailedSync: Int { Int(words[66]) }
    /// How many changes a power cut took back.
    var takenBack: Int { Int(words[67]) }
  }

  /// Reads the counts, which outlive the process.
  var counts: Counts {
    let bytes = (try? Data(contentsOf: URL(fileURLWithPath: shared))).map { [UInt8]($0) } ?? []
    return Counts(
      (0..<128).map { word in
        guard bytes.count >= word * 8 + 8 else { return 0 }
        return (0..<8).reduce(0) { $0 | UInt64(bytes[word * 8 + $1]) << UInt64(8 * $1) }
      })
  }
}
