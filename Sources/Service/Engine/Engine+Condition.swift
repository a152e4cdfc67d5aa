import Catalogue
import VectorIndex

extension Engine {
  /// What the catalogue carries about beside the items of the state of this moment.
  ///
  /// - Complexity: O(1) in the rows; opens the snapshot's file.
  var condition: CatalogueCondition {
    let state = snapshot
    let file = snapshotNumber.flatMap { number in
      try? SnapshotReader(path: snapshots.file(number), catalogue: store.rowFileID(generation: state.generation))
    }
    return CatalogueCondition(store, rows: state.count, live: state.liveCount, covered: file?.rowCount ?? 0)
  }
}
