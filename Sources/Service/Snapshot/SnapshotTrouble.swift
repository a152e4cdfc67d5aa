import Catalogue
import VectorIndex

/// Why a snapshot cannot be used.
///
/// Never an error of whoever asks: snapshots are derived from the record, and what to do about a bad one is to make another.
struct SnapshotTrouble: Hashable, CustomStringConvertible {
  /// Which file it is about.
  let file: String
  /// What is wrong with it.
  let reason: String

  init(file: String, reason: String) {
    (self.file, self.reason) = (file, reason)
  }

  init(_ error: IndexError) {
    switch error {
    case .damaged(let file, let reason): self.init(file: file, reason: reason)
    case .missing(let file): self.init(file: file, reason: "is in force but not there")
    case .newer(let file, let found, let supported):
      self.init(file: file, reason: "written in format \(found), this program reads up to \(supported)")
    case .io(let file, _, _), .full(let file): self.init(file: file, reason: "\(error)")
    case .outOfMemory: self.init(file: "index", reason: "\(error)")
    }
  }

  /// The sentence that a person reads.
  var description: String { "\(file): \(reason); it is not used, and kagami build makes a new one" }

  /// The same for who verifies.
  var finding: Finding { Finding(file: file, description: reason) }
}
