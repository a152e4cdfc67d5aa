import Catalogue
import VectorIndex

extension Engine {
  /// Brings the view up to date with a commit of this process, from what is known of it: the record need not be read.
  ///
  /// - Parameter commit: What was committed just now.
  /// - Returns: Whether that was possible: not where other commits came between, or where names changed too. See ``refresh()``.
  /// - Complexity: O(*m*) for *m* items that came or went.
  func adopt(_ commit: Commit) -> Bool {
    guard commit.changesItemsOnly else { return false }
    var isDone = false
    index.update { state in
      guard state.sequence == commit.seq - 1, state.count == Int(commit.ordinals.lowerBound),
        (try? state.growRows(to: Int(commit.ordinals.upperBound))) != nil
      else { return }
      for item in commit.items { state.append(item) }
      for list in [commit.replaced, commit.superseded, commit.removed] {
        for ordinal in list { state.remove(Ordinal(ordinal)) }
      }
      state.sequence = commit.seq
      isDone = true
    }
    if isDone { linkIfDue() }
    return isDone
  }
}

extension IndexSnapshot {
  /// Whether this is the state that a position names.
  func shows(_ position: CataloguePosition) -> Bool {
    sequence == position.seq && generation == position.generation && count == Int(position.rowCount)
  }

  /// Shows an item whose row is there.
  mutating func append(_ item: ItemEntry) {
    append(key: item.key.utf8.span, work: item.work == 0 ? nil : item.work, member: item.member)
  }
}
