import Foundation
import VectorFiles
import VectorIndex
import WireProtocol

/// The files that a scan writes: under another name until they are whole, with a journal beside them.
///
/// 1. `OUTPUT.part` and its kin are locked; the journal says how much of them counts, and the rest is cut off.
/// 2. Blocks are appended. Now and then the files are synced, then the journal says so, on another thread: a disk may take seconds for that.
/// 3. At the end the journal says that everything is there, the files get their names, and the journal goes.
struct ScanOutput {
  private let directory: String
  private let names: [String]
  private let format: ScanFormat
  private let k: Int?
  /// One for each of `names`.
  private let parts: [PartFile]
  private let background = BackgroundWork()
  private(set) var journal: ScanJournal

  private var journalName: String { names[0] + ".part.journal" }

  /// Opens what is to be written, or what an earlier run left of it.
  ///
  /// - Parameters:
  ///   - request: The output, and what becomes of what is there.
  ///   - format: How it is written.
  ///   - identity: What an earlier run must have had.
  /// - Throws: ``ScanError``, `FileError` or `IndexError`.
  init(_ request: ScanRequest, _ format: ScanFormat, _ identity: ScanIdentity) throws {
    let paths = format.files(for: request.output).map { URL(fileURLWithPath: $0).standardizedFileURL }
    (directory, names) = (paths[0].deletingLastPathComponent().path, paths.map(\.lastPathComponent))
    (self.format, k) = (format, request.k)
    journal = ScanJournal(identity: identity, byteCounts: names.map { _ in 0 })
    let found = try request.restarts ? nil : ScanJournal.read("\(directory)/\(names[0]).part.journal")
    if !request.overwrites, let path = paths.first(where: { FileManager.default.fileExists(atPath: $0.path) }) {
      throw ScanError.exists(file: path.path)
    }
    parts = try paths.map { try PartFile($0.path + ".part") }
    try adopt(found, restarts: request.restarts)
    if journal.byteCounts[0] == 0 {
      // The journal comes first: a part without one could be anybody's.
      try checkpoint()
      try parts[0].write(format.header(k: k, ScanColumns(request)).span)
      note()
      try checkpoint()
    }
  }

  /// Gives its name to an output that was whole when the run that wrote it was killed.
  ///
  /// - Returns: The journal of that run; nil where there was none.
  /// - Throws: As ``init(_:_:_:)`` does.
  static func finishInterrupted(
    _ request: ScanRequest, _ format: ScanFormat, _ identity: ScanIdentity
  ) throws -> ScanJournal? {
    let paths = format.files(for: request.output).map { URL(fileURLWithPath: $0).standardizedFileURL }
    let journal = try request.restarts ? nil : ScanJournal.read(paths[0].path + ".part.journal")
    guard let journal, journal.isComplete, journal.identity == identity else { return nil }
    try publish(paths.map(\.lastPathComponent), in: paths[0].deletingLastPathComponent().path)
    return journal
  }

  /// Goes on from what was found, or begins anew.
  private mutating func adopt(_ found: ScanJournal?, restarts: Bool) throws {
    let part = "\(directory)/\(names[0]).part"
    if let found, found.byteCounts.count == names.count, parts[0].byteCount > 0 {
      if let difference = journal.identity.difference(from: found.identity) {
        throw ScanError.begunOtherwise(file: part, difference: difference)
      }
      guard zip(parts, found.byteCounts).allSatisfy({ $0.byteCount >= $1 }) else {
        throw ScanError.journalUnusable(file: part, reason: "is shorter than its journal says")
      }
      journal = found
    } else if found == nil, !restarts, parts[0].byteCount > 0 {
      throw ScanError.journalUnusable(file: part, reason: "exists, and no journal says what is in it")
    }
    for (part, byteCount) in zip(parts, journal.byteCounts) { try part.keep(byteCount) }
  }

  /// Appends what was found for a block.
  ///
  /// - Throws: `FileError`.
  mutating func write(_ block: ScanBlock) throws {
    try block.encoder.buffer.withBytes { try parts[0].write($0) }
    if parts.count > 1 { try block.side.withBytes { try parts[1].write($0) } }
    journal.position = block.end
    journal.totals.add(block.totals)
    note()
  }

  /// Counts what was written, once all of it was.
  private mutating func note() {
    journal.byteCounts = parts.map(\.byteCount)
  }

  /// Makes everything so far lasting.
  ///
  /// - Throws: `FileError` or `IndexError`.
  func checkpoint() throws {
    try background.wait()
    try Self.checkpoint(parts, journal, journalName, in: directory)
  }

  /// Begins to make everything so far lasting, unless that is still being done of what was there before.
  ///
  /// - Throws: `FileError` or `IndexError` of the last time.
  func beginCheckpoint() throws {
    try background.begin { [parts, journal, journalName, directory] in
      try Self.checkpoint(parts, journal, journalName, in: directory)
    }
  }

  /// What is appended meanwhile may become lasting too; the journal does not speak of it.
  private static func checkpoint(
    _ parts: [PartFile], _ journal: ScanJournal, _ name: String, in directory: String
  ) throws {
    for part in parts { try part.sync() }
    try journal.write(name, in: directory)
  }

  /// Gives the files their names.
  ///
  /// - Throws: `FileError` or `IndexError`.
  mutating func finish() throws {
    if format == .matrix {
      let header = NpyWriter.resizableHeader(rowCount: journal.totals.rows, columns: k ?? 0)
      try parts[0].overwrite(header.span, at: 0)
    }
    journal.isComplete = true
    try checkpoint()
    try Self.publish(names, in: directory)
  }

  /// The named one comes last: where it is, everything is.
  private static func publish(_ names: [String], in directory: String) throws {
    for name in names.reversed() where FileManager.default.fileExists(atPath: "\(directory)/\(name).part") {
      try DurableDirectory.rename("\(name).part", to: name, in: directory)
    }
    try? FileManager.default.removeItem(atPath: "\(directory)/\(names[0]).part.journal")
  }
}
