import Catalogue
import WireProtocol

/// The bytes that one answer may take: an answer that would be longer is refused, before it is made where that can be known.
struct AnswerRoom {
  /// Bytes at most.
  let limit: Int
  private let start: Int

  /// Room for an answer.
  ///
  /// - Parameters:
  ///   - limit: Bytes at most.
  ///   - start: The length of the buffer before the answer.
  init(_ limit: Int, from start: Int = 0) {
    (self.limit, self.start) = (limit, start)
  }

  /// Room for what is no answer, and has none to keep to.
  static let unbounded = AnswerRoom(.max)

  /// Refuses vectors that do not fit.
  ///
  /// - Parameters:
  ///   - count: How many would be written.
  ///   - dimension: Numbers of each.
  ///   - what: What the caller may ask less of.
  /// - Throws: `too_large`.
  func check(vectors count: Int, of dimension: Int, fewer what: StaticString) throws(WireError) {
    let each = (dimension * 4 + 2) / 3 * 4 + Self.frame
    let (bytes, isTooLarge) = count.multipliedReportingOverflow(by: each)
    guard isTooLarge || bytes > limit else { return }
    throw WireError(
      .tooLarge,
      "an answer has at most \(limit) bytes, and these \(count) vectors take more: ask for fewer \(what), "
        + "at most \(max(1, limit / each)) at a time, or leave with_vectors out",
      pointer: "/params/with_vectors", limit: limit, got: "\(bytes) bytes")
  }

  /// What stands around a vector in an answer.
  private static let frame = 40

  /// Refuses to go on with an answer that is too long already.
  ///
  /// - Parameter length: The length of the buffer by now.
  /// - Throws: `too_large`.
  @inline(__always)
  func check(written length: Int) throws(WireError) {
    if length - start > limit { throw tooLong }
  }

  /// Refuses to read on where what was read for an answer does not fit into it.
  ///
  /// - Parameter bytes: Of the texts that were read.
  /// - Throws: `too_large`.
  func check(read bytes: Int) throws(WireError) {
    if bytes > limit { throw tooLong }
  }

  private var tooLong: WireError {
    WireError(
      .tooLarge, "an answer has at most \(limit) bytes, and this one would be longer; ask for less at a time",
      pointer: "/params", limit: limit)
  }
}

extension ItemRecord {
  /// Bytes of the texts of an item.
  var byteCount: Int {
    let texts = [key, member, work, kind, title, source, attributes]
    return texts.reduce(64) { $0 + ($1?.utf8.count ?? 0) }
  }
}
