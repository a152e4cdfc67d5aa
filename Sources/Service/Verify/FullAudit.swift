import Catalogue
import VectorIndex

/// What a full check looks at beyond checksums: the names behind numbers, the graph, and whether searching by it finds what is there.
struct FullAudit {
  private let store: CatalogueStore
  private let position: CataloguePosition
  private let directory: SnapshotDirectory
  private let workers: WorkerPool

  init(_ store: CatalogueStore, _ position: CataloguePosition, workers: WorkerPool) {
    (self.store, self.position) = (store, position)
    directory = SnapshotDirectory(store.layout)
    self.workers = workers
  }

  /// Looks at the snapshot that engines start from; without one there is nothing to see.
  ///
  /// - Parameters:
  ///   - reader: The record.
  ///   - report: Gets what is wrong, and the recall.
  /// - Throws: `CatalogueError`.
  /// - Complexity: O(*n* · *R*) for the graph, and an exact scan for some two hundred rows.
  func run(_ reader: CatalogueReader, _ report: inout Verifier.Report) throws {
    let catalogue = try store.rowFileID(generation: position.generation)
    let metric = store.identity.model.indexMetric
    // Rows and snapshots that cannot be opened are reported by whoever compares them with their checksums.
    guard let rows = try? store.openRows(at: position),
      let found = try SnapshotSearch(
        directory, report.listing, catalogue: catalogue, metric: metric, rows: rows, reader
      ).found
    else { return }
    let file = directory.file(found.number)
    for description in try wrongNames(found.names, reader) {
      report.addSnapshot(Finding(file: file, description: description))
    }
    guard let graph = found.state.graph else { return }
    report.graphRowsChecked = graph.count
    let flaws = graphFlaws(graph, found.state)
    for description in flaws { report.addSnapshot(Finding(file: file, description: description)) }
    guard flaws.isEmpty else { return }
    var state = found.state
    try reader.forEachTombstone(since: state.sequence) { state.remove(Ordinal($0)) }
    guard let check = try? RecallCheck(state, workers: workers), let recall = check.recall else { return }
    report.recall = recall
    if recall < RecallCheck.minimum {
      let percent = (recall * 1000).rounded() / 10
      report.addSnapshot(
        Finding(
          file: file,
          description:
            "searches by its graph find \(percent) % of the true ten neighbours of \(check.queries) stored rows, "
            + "fewer than \(Int(RecallCheck.minimum * 100)) %"))
    }
  }

  /// Numbers whose member or work has another name than in the record; the first of each table.
  private func wrongNames(_ names: NameTable, _ reader: CatalogueReader) throws -> [String] {
    var member: UInt32?
    try reader.forEachMember { number, id in
      guard member == nil, Int(number) < names.members.count, names.members[number] != id else { return }
      member = number
    }
    var work: UInt32?
    try reader.forEachWork { entry in
      guard work == nil, Int(entry.number) < names.works.count else { return }
      guard names.works[entry.number] != entry.id || names.owner(ofWork: entry.number) != entry.member else { return }
      work = entry.number
    }
    return [
      member.map { "section members.bytes names member \($0) otherwise than the record" },
      work.map { "section works.bytes names work \($0), or its member, otherwise than the record" },
    ].compactMap(\.self)
  }

  private func graphFlaws(_ graph: GraphIndex, _ state: IndexSnapshot) -> [String] {
    do {
      try graph.checkInvariants()
    } catch {
      return ["section graph.edges is not a sound graph: \(error)"]
    }
    let unreachable = graph.statistics(live: state.live).unreachable
    return unreachable == 0 ? [] : ["section graph.edges: no walk reaches \(unreachable) live rows"]
  }
}
