import Synchronization

/// Which rows a search may answer: what the caller's filter allows among the rows that are there.
///
/// A reference, so that one filter compiled for one revision serves many searches and the list of its rows is made once.
public final class SearchFilter: Sendable {
  /// The rows, tombstones taken out.
  public let allowed: Bitmap
  private let made = Mutex<RowSelection?>(nil)

  /// Allows some rows.
  ///
  /// - Parameter allowed: The rows that the filter's conditions name, already cut with the live ones.
  public init(allowed: Bitmap) {
    self.allowed = allowed
  }

  /// The rows as a scan reads them.
  ///
  /// - Complexity: O(*n* / 64 + members) the first time, then O(1).
  public var selection: RowSelection {
    made.withLock { made in
      if let selection = made { return selection }
      let selection = RowSelection(allowed)
      made = selection
      return selection
    }
  }
}
