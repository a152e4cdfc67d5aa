import Catalogue
import Foundation
import VectorIndex

/// The snapshots of a catalogue on disk: which there are, and which is in force.
///
/// ```
/// art.kagami/
///   index/000006/index.kagami-index   the one before
///   index/000007/index.kagami-index   the one in force
///   CURRENT                           "000007", or "none 000007" where a compaction took them out of force
/// ```
///
/// Numbers only grow. What is published never changes; what is removed stays readable for whoever has it mapped.
struct SnapshotDirectory: Sendable {
  private let layout: CatalogueLayout

  init(_ layout: CatalogueLayout) {
    self.layout = layout
  }

  /// The name of the one file of a snapshot.
  static let fileName = "index.kagami-index"
  /// What `CURRENT` says before the number of the last snapshot where none is in force.
  private static let noneInForce = "none "
  /// What the names of directories begin with that are not published yet.
  private static let draftPrefix = ".draft-"

  /// What `CURRENT` says.
  enum Current: Equatable {
    /// There is no such file: nothing was built yet.
    case none
    /// It names a snapshot.
    case number(Int)
    /// A compaction took the snapshots up to this one out of force, and nothing was built since.
    case retired(Int)
    /// It names none.
    case unreadable
  }

  /// Where `CURRENT` lies.
  var currentFile: String { layout.current }

  /// What `CURRENT` says at this moment.
  var current: Current {
    guard let file = FileHandle(forReadingAtPath: layout.current) else {
      return FileManager.default.fileExists(atPath: layout.current) ? .unreadable : .none
    }
    defer { try? file.close() }
    // A name is short; whatever else lies there is not read whole.
    guard let bytes = try? file.read(upToCount: 64) else { return .unreadable }
    var text = String(decoding: bytes, as: UTF8.self)
    if text.last == "\n" { text.removeLast() }
    if let number = Self.number(text) { return .number(number) }
    guard text.hasPrefix(Self.noneInForce) else { return .unreadable }
    return Self.number(String(text.dropFirst(Self.noneInForce.count))).map(Current.retired) ?? .unreadable
  }

  /// The numbers of the published snapshots, ascending.
  var numbers: [Int] {
    ((try? FileManager.default.contentsOfDirectory(atPath: layout.index)) ?? []).compactMap(Self.number).sorted()
  }

  /// Which snapshots there were at one moment, and what `CURRENT` said.
  struct Listing: Sendable {
    let current: Current
    let numbers: [Int]

    /// Whether a snapshot is what a compaction could not remove.
    func isRetired(_ number: Int) -> Bool {
      guard case .retired(let last) = current else { return false }
      return number <= last
    }
  }

  /// What is there at this moment.
  ///
  /// Whoever compares snapshots with the record lists them first and begins to read the record afterwards: then none is newer than the
  /// state that is read, unless something is wrong.
  var listing: Listing { Listing(current: current, numbers: numbers) }

  /// Where the file of a snapshot lies.
  func file(_ number: Int) -> String { "\(layout.index)/\(Self.name(number))/\(Self.fileName)" }

  /// The length of a snapshot's file, 0 where there is none.
  func byteCount(_ number: Int) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file(number))
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  /// `000007` for 7.
  static func name(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  private static func number(_ name: String) -> Int? {
    guard let number = Int(name), number > 0, Self.name(number) == name else { return nil }
    return number
  }
}

extension SnapshotDirectory {
  /// Writes a snapshot and puts it in force; the one before is kept, older ones go.
  ///
  /// 1. The file is written into a draft directory, synced by its writer, read back and compared with its checksums.
  /// 2. The draft directory is synced, given its number, and its parent synced: it is published.
  /// 3. `CURRENT` is replaced in one step: it is in force.
  /// 4. Whatever is older than the one that was in force before is removed.
  ///
  /// A crash at any point leaves the old or the new snapshot in force, and at most a draft that the next publication removes.
  ///
  /// - Parameters:
  ///   - catalogue: Whose snapshot it is.
  ///   - previous: The snapshot in use until now, which is kept.
  ///   - lock: The catalogue's writer: only the process that holds the lock publishes, so that nobody else numbers or removes meanwhile.
  ///   - write: Writes the sections and finishes the file.
  /// - Returns: Its number.
  /// - Throws: `IndexError`, or what `write` throws; the old snapshot is then in force.
  func publish(
    _ catalogue: CatalogueID, keeping previous: Int?, lock: CatalogueWriter, _ write: (SnapshotWriter) throws -> Void
  ) throws -> Int {
    try makeIndexDirectory()
    removeDrafts()
    let number = lastNumber + 1
    let draft = Self.draftPrefix + Self.name(number)
    let folder = "\(layout.index)/\(draft)"
    do {
      try DurableDirectory.make(folder)
      let path = "\(folder)/\(Self.fileName)"
      try write(try SnapshotWriter(path: path, catalogue: catalogue))
      try SnapshotReader(path: path, catalogue: catalogue).verify()
      try DurableDirectory.sync(folder)
      try DurableDirectory.rename(draft, to: Self.name(number), in: layout.index)
    } catch {
      try? FileManager.default.removeItem(atPath: folder)
      throw error
    }
    try DurableDirectory.replace("CURRENT", in: layout.directory, with: Self.name(number) + "\n")
    for old in numbers where old != number && old != previous { retire(Self.name(old)) }
    return number
  }

  /// Takes all snapshots out of force and away: their rows have other numbers now, or are gone.
  ///
  /// Their last number stays in `CURRENT`, so that the next one is another. Whoever has one mapped keeps reading it; what cannot be removed is
  /// refused by its generation.
  ///
  /// - Parameter lock: The catalogue's writer, as for publishing.
  func retireAll(lock: CatalogueWriter) {
    guard let last = numbers.last else { return }
    let text = Self.noneInForce + Self.name(last) + "\n"
    guard (try? DurableDirectory.replace("CURRENT", in: layout.directory, with: text)) != nil else { return }
    for number in numbers { retire(Self.name(number)) }
  }

  /// The number of the last snapshot that was ever published.
  private var lastNumber: Int {
    guard case .retired(let number) = current else { return numbers.last ?? 0 }
    return max(number, numbers.last ?? 0)
  }

  private func makeIndexDirectory() throws(IndexError) {
    guard !FileManager.default.fileExists(atPath: layout.index) else { return }
    try DurableDirectory.make(layout.index)
    try DurableDirectory.sync(layout.directory)
  }

  private func removeDrafts() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: layout.index)) ?? []
    for name in names where name.hasPrefix(Self.draftPrefix) { remove(name) }
  }

  /// Removes a snapshot: first its number, so that a crash leaves no number without its file, but a draft.
  private func retire(_ name: String) {
    let draft = Self.draftPrefix + name
    guard
      (try? FileManager.default.moveItem(atPath: "\(layout.index)/\(name)", toPath: "\(layout.index)/\(draft)")) != nil
    else { return }
    remove(draft)
  }

  private func remove(_ name: String) {
    try? FileManager.default.removeItem(atPath: "\(layout.index)/\(name)")
  }
}
