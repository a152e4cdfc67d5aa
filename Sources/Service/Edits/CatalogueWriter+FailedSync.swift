import Catalogue
import VectorIndex

extension CatalogueWriter {
  /// Sees to it that nothing more is written once a sync of rows has failed: the system may have dropped what it could not write.
  ///
  /// - Parameter error: Why rows could not be written; others than failed syncs change nothing.
  func stop(ifSyncFailed error: any Error) {
    guard case .io(let file, let operation, _)? = error as? IndexError, operation.hasPrefix("sync") else { return }
    stop(after: .io(file: file, reason: "an earlier sync failed; start the engine again"))
  }
}
