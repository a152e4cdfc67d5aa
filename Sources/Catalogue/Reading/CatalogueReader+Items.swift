import GRDB

extension CatalogueReader {
  /// Visits all items that commits later than `seq` brought, in the order of their ordinals.
  ///
  /// Items that were removed or replaced since are among them and say so. Earlier items that later commits removed are
  /// not: see ``forEachTombstone(since:_:)``.
  ///
  /// - Parameters:
  ///   - seq: 0 for all items.
  ///   - last: The last commit to look at; all there are unless given.
  ///   - visit: Is given one item after the other.
  /// - Throws: ``CatalogueError``, or what `visit` throws.
  /// - Complexity: O(*m* + log² *n*) for *m* visits.
  public func forEachItem(
    since seq: Int64 = 0, upTo last: Int64? = nil, _ visit: (ItemEntry) throws -> Void
  ) throws {
    let sql = """
      SELECT ordinal, key, member, work, removed_seq FROM item WHERE ordinal >= ? AND ordinal < ? ORDER BY ordinal
      """
    let end = try last.map { try firstOrdinal(after: $0) } ?? UInt32.max
    let rows = try Row.fetchCursor(db, sql: sql, arguments: [Int64(firstOrdinal(after: seq)), Int64(end)])
    while let row = try rows.next() {
      try visit(
        ItemEntry(
          ordinal: row.unsigned(0, file: file), key: row.text(1) ?? "", member: row.unsigned(2, file: file),
          work: row.unsigned(3, file: file), isRemoved: row.optionalNumber(4) != nil))
    }
  }

  /// Visits the ordinals that commits later than `seq` removed or replaced.
  ///
  /// - Complexity: O(*m* log *m*) for *m* visits.
  public func forEachTombstone(since seq: Int64 = 0, _ visit: (UInt32) throws -> Void) throws {
    let sql = "SELECT ordinal FROM item WHERE removed_seq > ? ORDER BY ordinal"
    let rows = try Row.fetchCursor(db, sql: sql, arguments: [seq])
    while let row = try rows.next() { try visit(row.unsigned(0, file: file)) }
  }

  /// Visits every row's ordinal and the checksum of its stored bytes, removed ones included, in the order of ordinals.
  ///
  /// - Complexity: O(*n*) in the rows.
  public func forEachChecksum(_ visit: (_ ordinal: UInt32, _ checksum: UInt32) throws -> Void) throws {
    let rows = try Row.fetchCursor(db, sql: "SELECT ordinal, checksum FROM item ORDER BY ordinal")
    while let row = try rows.next() { try visit(row.unsigned(0, file: file), row.unsigned(1, file: file)) }
  }

  /// Everything about the items of `ordinals`, in their order; nil for an ordinal that was never committed.
  ///
  /// - Complexity: O(*m* log *n*) for *m* ordinals.
  public func details(of ordinals: some Sequence<UInt32>) throws -> [ItemDetails?] {
    let statement = try db.cachedStatement(sql: CatalogueReader.detailsSQL + "item.ordinal = ?")
    return try ordinals.map { ordinal in
      try Row.fetchOne(statement, arguments: [Int64(ordinal)]).map(details(from:))
    }
  }

  /// Everything about the live item named `key`, or nil if there is none.
  ///
  /// - Complexity: O(log *n*) in the items.
  public func item(forKey key: String) throws -> ItemDetails? {
    guard !key.utf8.contains(0) else { return nil }
    let sql = CatalogueReader.detailsSQL + "item.key = ? AND item.removed_seq IS NULL"
    return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [key]).map(details(from:))
  }

  /// The row of the live item named `key`, or nil if there is none.
  ///
  /// - Complexity: O(log *n*) in the items.
  public func ordinal(forKey key: String) throws -> UInt32? {
    guard !key.utf8.contains(0) else { return nil }
    let statement = try db.cachedStatement(sql: "SELECT ordinal FROM item WHERE key = ? AND removed_seq IS NULL")
    return try Row.fetchOne(statement, arguments: [key])?.unsigned(0, file: file)
  }

  /// The numbers of the member and the work of the live item named `key`, 0 for none; nil if there is no such item.
  ///
  /// - Complexity: O(log *n*) in the items.
  public func itemNumbers(forKey key: String) throws -> (member: UInt32, work: UInt32)? {
    guard !key.utf8.contains(0) else { return nil }
    let statement = try db.cachedStatement(sql: "SELECT member, work FROM item WHERE key = ? AND removed_seq IS NULL")
    return try Row.fetchOne(statement, arguments: [key]).map {
      (try $0.unsigned(0, file: file), try $0.unsigned(1, file: file))
    }
  }

  static let detailsSQL = """
    SELECT item.ordinal, item.key, member.id, work.id, item.kind, item.title, item.source, item.timecode,
      item.attributes, item.checksum, item.seq, item.removed_seq, \(Row.isObject("item.attributes"))
    FROM item LEFT JOIN member ON member.number = item.member LEFT JOIN work ON work.number = item.work
    WHERE\u{20}
    """

  func details(from row: Row) throws -> ItemDetails {
    let timecode: Timecode?
    switch row.value(7) {
    case .null, .blob: timecode = nil
    case .int64(let number): timecode = .number(Double(number))
    case .double(let number) where number.isFinite: timecode = .number(number)
    case .double: throw CatalogueError.damaged(file: file, reason: "item \(row.text(1) ?? "") has an infinite timecode")
    case .string(let text): timecode = .text(text)
    }
    let record = ItemRecord(
      key: row.text(1) ?? "", member: row.text(2), work: row.text(3), kind: row.text(4), title: row.text(5),
      source: row.text(6), timecode: timecode,
      attributes: try row.object(8, if: 12, of: "what is said of item \(row.text(1) ?? "")", file: file),
      checksum: try row.unsigned(9, file: file))
    return ItemDetails(
      ordinal: try row.unsigned(0, file: file), record: record, seq: row.number(10), removedSeq: row.optionalNumber(11))
  }
}
