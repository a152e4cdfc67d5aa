import Catalogue
import VectorIndex

/// One page of a scroll, gathered in blocks: rows that a filter leaves out are never read, and between two blocks a request can be ended.
package struct ScrollPage {
  private let allowed: Bitmap
  let sequence: Int64
  private let limit: Int
  /// The first row that was not looked at.
  private var next: UInt32
  /// The items of the page, in the order of their rows.
  package private(set) var items: [ItemDetails] = []
  /// Whether more items follow, or may follow where the page was ended early.
  package private(set) var hasMore = false

  /// Rows that are read at a time.
  private static let block = 16...256

  /// A page that is to be filled.
  ///
  /// - Parameters:
  ///   - allowed: Rows that may be shown; those that were not there at the revision, or not any more, are left out.
  ///   - ordinal: The row after which the page begins; nil for the first page.
  ///   - sequence: The revision that is shown.
  ///   - limit: The most items of the page.
  package init(_ allowed: Bitmap, after ordinal: UInt32?, at sequence: Int64, limit: Int) {
    (self.allowed, self.sequence, self.limit) = (allowed, sequence, limit)
    next = ordinal.map { $0 &+ 1 } ?? 0
    // After the last of all numbers there is nothing.
    if ordinal == .max { next = .max }
  }

  /// Fills the page.
  ///
  /// - Parameters:
  ///   - isOver: Is asked before each block whether the page is to end with what it has; may throw.
  ///   - read: Gives what is known of some rows; may leave the rest out once it has given one more than the page shows.
  /// - Throws: What `isOver` and `read` throw.
  /// - Complexity: O(*n* / 64 + rows that are allowed), until the page is full.
  package mutating func fill(
    isOver: ([ItemDetails]) throws -> Bool, read: ([UInt32]) throws -> [ItemDetails?]
  ) throws {
    while items.count <= limit {
      let size = min(max(limit + 1 - items.count, Self.block.lowerBound), Self.block.upperBound)
      let rows = allowed.ordinals(from: next, limit: size)
      guard let last = rows.last else { return }
      if try isOver(items) {
        hasMore = true
        return
      }
      for case let item? in try read(rows) where item.isThere(at: sequence) { items.append(item) }
      next = last + 1
    }
    items.removeLast(items.count - limit)
    hasMore = true
  }
}

extension ItemDetails {
  /// Whether the item was live at a revision.
  func isThere(at sequence: Int64) -> Bool { seq <= sequence && removedSeq ?? .max > sequence }
}

extension Bitmap {
  /// Some ordinals of the set, ascending.
  ///
  /// - Complexity: O(*n* / 64 + `limit`).
  fileprivate func ordinals(from first: UInt32, limit: Int) -> [UInt32] {
    var found: [UInt32] = []
    var index = Int(first >> 6)
    guard index < words.count else { return [] }
    var word = words[index] & (~0 << UInt64(first & 63))
    while found.count < limit {
      guard word != 0 else {
        index += 1
        guard index < words.count else { break }
        word = words[index]
        continue
      }
      found.append(UInt32(index << 6 + word.trailingZeroBitCount))
      word &= word - 1
    }
    return found
  }
}
