import Catalogue
import Foundation
import VectorIndex

/// Looks for single rows in the files of a catalogue, also where other files are damaged or gone.
struct RemovedRowSearch {
  private let layout: RowLayout
  private let folder: String
  /// All rows, to see what the code of a place would be now; nil where they cannot be opened.
  private let rows: RowStore?
  private let snapshots: [Candidate]

  private struct Candidate {
    let place: RemovalProof.Snapshot
    /// Codes; nil where there are none, or where nobody can tell.
    let graph: GraphIndex?
  }

  /// Opens what can be opened.
  ///
  /// - Throws: `CatalogueError`.
  init(_ store: CatalogueStore, _ position: CataloguePosition) throws {
    let catalogue = try store.rowFileID(generation: position.generation)
    let model = store.identity.model
    let layout = model.rowLayout
    self.layout = layout
    folder = store.layout.rows(generation: position.generation)
    rows = try? store.openRows(at: position)
    let directory = SnapshotDirectory(store.layout)
    let current: Int? =
      switch directory.current {
      case .number(let number): number
      case .none, .unreadable: directory.numbers.last
      case .retired: nil
      }
    snapshots = directory.numbers.map { number in
      let file = directory.file(number)
      do {
        let reader = try SnapshotReader(path: file, catalogue: catalogue)
        let graph = try GraphIndex.read(from: reader, dimension: layout.dimension, metric: model.indexMetric)
        return Candidate(place: .init(file: file, isInForce: number == current, isReadable: true), graph: graph)
      } catch {
        return Candidate(place: .init(file: file, isInForce: number == current, isReadable: false), graph: nil)
      }
    }
  }

  /// Where a row still is.
  ///
  /// - Complexity: O(*d*) a file.
  func find(_ item: ItemDetails) -> RemovalProof.Row {
    let ordinal = Ordinal(item.ordinal)
    let place = RowPlace(ordinal, in: layout)
    let file = "\(folder)/\(place.fileName)"
    let isInRows = holds(file, place.slot, checksum: item.record.checksum)
    let holders = snapshots.filter { candidate in
      guard candidate.place.isReadable else { return true }
      guard let graph = candidate.graph, ordinal.index < graph.count else { return false }
      return isInRows || graph.holdsCode(ofRemoved: ordinal, replacedIn: rows)
    }
    return RemovalProof.Row(
      ordinal: item.ordinal, sequence: item.seq, removedSequence: item.removedSeq, checksum: item.record.checksum,
      file: file, slot: place.slot, isInRows: isInRows, snapshots: holders.map(\.place))
  }

  /// Whether the row's bytes are in their place; one that is all zeros says nothing any more.
  private func holds(_ file: String, _ slot: Int, checksum: UInt32) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: file) else { return false }
    defer { try? handle.close() }
    guard let bytes = handle.bytes(layout.rowBytes, at: layout.rowsOffset + slot * layout.stride) else { return false }
    return Checksum.of(bytes.span) == checksum && bytes.contains { $0 != 0 }
  }
}
