/// A set of ordinals, one bit each.
///
/// A value with copy on write: a snapshot keeps the one that it was made with.
public struct Bitmap: Hashable, Sendable {
  /// The bits, 64 a word, the lowest ordinal in the lowest bit.
  ///
  /// Bits at and beyond ``count`` are zero.
  public private(set) var words: [UInt64]
  /// How many ordinals the set is about.
  public private(set) var count: Int

  /// A set over `count` ordinals, all in it or none.
  public init(count: Int, all: Bool = false) {
    precondition(count >= 0)
    self.count = count
    words = [UInt64](repeating: all ? ~0 : 0, count: (count + 63) >> 6)
    trim()
  }

  /// A set over `count` ordinals, given as words.
  ///
  /// - Parameters:
  ///   - words: As many as `count` takes, as ``words`` has them; bits beyond `count` are passed over.
  ///   - count: How many ordinals the set is about.
  public init(words: [UInt64], count: Int) {
    precondition(count >= 0 && words.count == (count + 63) >> 6)
    self.count = count
    self.words = words
    trim()
  }

  /// Whether an ordinal is in the set; one beyond ``count`` is not.
  @inlinable
  public subscript(ordinal: UInt32) -> Bool {
    guard Int(ordinal) < count else { return false }
    return words[Int(ordinal >> 6)] >> UInt64(ordinal & 63) & 1 == 1
  }

  /// Adds an ordinal below ``count``.
  public mutating func insert(_ ordinal: UInt32) {
    precondition(Int(ordinal) < count)
    words[Int(ordinal >> 6)] |= 1 << UInt64(ordinal & 63)
  }

  /// Takes an ordinal out.
  public mutating func remove(_ ordinal: UInt32) {
    precondition(Int(ordinal) < count)
    words[Int(ordinal >> 6)] &= ~(1 << UInt64(ordinal & 63))
  }

  /// Makes the set be about more ordinals; the new ones are not in it.
  public mutating func grow(to newCount: Int) {
    precondition(newCount >= count)
    count = newCount
    words.append(contentsOf: repeatElement(0, count: ((newCount + 63) >> 6) - words.count))
  }

  /// How many ordinals are in the set.
  ///
  /// - Complexity: O(*count* / 64).
  public var population: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Keeps what is in the other set too.
  ///
  /// Ordinals that the other is not about are taken out.
  public mutating func formIntersection(_ other: Bitmap) {
    combine(other) { $0 & $1 }
  }

  /// Adds what is in the other set and below ``count``.
  public mutating func formUnion(_ other: Bitmap) {
    combine(other) { $0 | $1 }
    trim()
  }

  /// Takes out what is in the other set.
  public mutating func subtract(_ other: Bitmap) {
    combine(other) { $0 & ~$1 }
  }

  /// The ordinals in the set, ascending.
  ///
  /// - Complexity: O(*count* / 64 + members).
  public var ordinals: [UInt32] {
    var found: [UInt32] = []
    found.reserveCapacity(population)
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        found.append(UInt32(index << 6 + rest.trailingZeroBitCount))
        rest &= rest - 1
      }
    }
    return found
  }

  private mutating func combine(_ other: Bitmap, _ operation: (UInt64, UInt64) -> UInt64) {
    for index in words.indices {
      words[index] = operation(words[index], index < other.words.count ? other.words[index] : 0)
    }
  }

  private mutating func trim() {
    guard count & 63 != 0, let last = words.indices.last else { return }
    words[last] &= 1 << UInt64(count & 63) - 1
  }
}
