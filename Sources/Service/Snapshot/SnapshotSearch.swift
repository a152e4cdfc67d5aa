import Catalogue
import VectorIndex

/// A snapshot file that was opened and found to belong to the catalogue as it is now.
struct StoredSnapshot {
  /// Which one it is.
  let number: Int
  /// What it holds, up to its revision.
  let state: IndexSnapshot
  /// The names of what it holds.
  let names: NameTable
}

/// What became of the search for a snapshot to start from.
struct SnapshotSearch {
  /// The newest that can be used; nil where all rows must be read from the record.
  var found: StoredSnapshot?
  /// Why the one that should be in force is not.
  var troubles: [SnapshotTrouble] = []

  /// Looks for the snapshot that `CURRENT` names, then for others, the newest first.
  ///
  /// - Parameters:
  ///   - directory: Where they are.
  ///   - listing: Which there were before `reader` began to read.
  ///   - refused: Those that are known to be damaged, and why.
  ///   - catalogue: Whose they have to be.
  ///   - metric: How closeness is measured.
  ///   - rows: All rows that the catalogue names.
  ///   - reader: The record.
  /// - Throws: `CatalogueError`. A snapshot that cannot be used is a trouble and no error.
  init(
    _ directory: SnapshotDirectory, _ listing: SnapshotDirectory.Listing, refused: [Int: SnapshotTrouble] = [:],
    catalogue: CatalogueID, metric: Metric, rows: RowStore, _ reader: CatalogueReader
  ) throws {
    for number in candidates(listing, directory) {
      if let trouble = refused[number] {
        troubles.append(trouble)
        continue
      }
      do {
        let file = try SnapshotReader(path: directory.file(number), catalogue: catalogue)
        try Self.checkAge(of: file, reader)
        let names = try NameTable(reading: file)
        var state = try IndexSnapshot(
          reading: file, metric: metric, rows: rows, memberCount: names.members.count, workCount: names.works.count)
        state.attach(
          try GraphIndex.read(from: file, dimension: rows.layout.dimension, metric: metric))
        try Self.checkNames(of: state, names, file, reader)
        found = StoredSnapshot(number: number, state: state, names: names)
        return
      } catch let error as IndexError {
        // Whoever published another one meanwhile may have removed it.
        if case .missing = error, directory.current != listing.current { continue }
        troubles.append(SnapshotTrouble(error))
      }
    }
  }

  private mutating func candidates(_ listing: SnapshotDirectory.Listing, _ directory: SnapshotDirectory) -> [Int] {
    let others = listing.numbers.reversed()
    switch listing.current {
    case .number(let number): return [number] + others.filter { $0 != number }
    case .none: return Array(others)
    case .retired(let last): return others.filter { $0 > last }
    case .unreadable:
      troubles.append(SnapshotTrouble(file: directory.currentFile, reason: "names no snapshot of the index"))
      return Array(others)
    }
  }

  /// A snapshot of a catalogue that was put back from a backup since may tell of things that never happened.
  private static func checkAge(of file: SnapshotReader, _ reader: CatalogueReader) throws {
    guard try file.sequence <= reader.seq() else {
      throw IndexError.damaged(file: file.path, reason: "is of revision \(file.sequence), later than the catalogue's")
    }
    guard try Int(reader.firstOrdinal(after: file.sequence)) == file.rowCount else {
      throw IndexError.damaged(
        file: file.path, reason: "has \(file.rowCount) rows, not those of revision \(file.sequence)")
    }
  }

  private static func checkNames(
    of state: IndexSnapshot, _ names: NameTable, _ file: SnapshotReader, _ reader: CatalogueReader
  ) throws {
    let member = UInt32(names.members.count - 1)
    let work = UInt32(names.works.count - 1)
    var isOfThisCatalogue = true
    if state.count > 0 {
      let last = UInt32(state.count - 1)
      isOfThisCatalogue = try reader.details(of: [last]).first??.record.key == state.keys[last]
    }
    // Members and works that have gone since keep their numbers and ids, and count here.
    var (hasMember, hasWork) = (member == 0, work == 0)
    if member > 0 {
      try reader.forEachMember(after: member - 1) { number, id in
        if number == member { hasMember = id == names.members[member] }
      }
    }
    if work > 0 {
      try reader.forEachWork(after: work - 1) { entry in
        if entry.number == work { hasWork = entry.id == names.works[work] }
      }
    }
    isOfThisCatalogue = isOfThisCatalogue && hasMember && hasWork
    guard isOfThisCatalogue else {
      throw IndexError.damaged(file: file.path, reason: "tells of other items than the catalogue's record")
    }
  }
}
