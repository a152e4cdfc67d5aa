import GRDB

extension CatalogueReader {
  /// A page of members, in the order in which they first appeared.
  ///
  /// - Parameters:
  ///   - number: The last number of the page before; 0 for the first page.
  ///   - limit: The most members to return.
  /// - Returns: At most `limit` members; fewer on the last page.
  /// - Throws: ``CatalogueError``.
  /// - Complexity: O(*m*) in the live items and works of the page's members.
  public func members(after number: UInt32 = 0, limit: Int) throws -> [Member] {
    let sql = """
      SELECT number, id, name, contact, joined_at,
        (SELECT count(*) FROM work WHERE ifnull(work.member, 0) = member.number\(try presence)),
        (SELECT count(*) FROM item WHERE item.member = member.number AND item.removed_seq IS NULL)
      FROM member WHERE number > ?\(try presence) ORDER BY number LIMIT ?
      """
    let rows = try Row.fetchCursor(db, sql: sql, arguments: [Int64(number), max(0, limit)])
    return try collect(rows) { row in
      Member(
        number: try row.unsigned(0, file: file), id: row.text(1) ?? "", name: row.text(2), contact: row.text(3),
        joinedAt: row.text(4), workCount: row.count(5), itemCount: row.count(6))
    }
  }

  /// A page of works, in the order in which they first appeared.
  ///
  /// - Parameters:
  ///   - member: The number of the one member whose works are wanted; all works unless given.
  ///   - number: The last number of the page before; 0 for the first page.
  ///   - limit: The most works to return.
  /// - Returns: At most `limit` works; fewer on the last page.
  /// - Throws: ``CatalogueError``.
  /// - Complexity: O(*m* log *n*) in the live items of the page's works; with a member, also in all of its works.
  public func works(ofMember member: UInt32? = nil, after number: UInt32 = 0, limit: Int) throws -> [Work] {
    let sql = """
      SELECT number, member, id, title, kind, first_published, attributes,
        (SELECT count(*) FROM item
          WHERE item.member IS work.member AND item.work = work.number AND item.removed_seq IS NULL),
        \(Row.isObject("attributes"))
      FROM work WHERE \(member == nil ? "" : "ifnull(member, 0) = :member AND ") number > :after\(try presence)
      ORDER BY number LIMIT :limit
      """
    var arguments: StatementArguments = ["after": Int64(number), "limit": max(0, limit)]
    if let member { arguments += ["member": Int64(member)] }
    return try collect(Row.fetchCursor(db, sql: sql, arguments: arguments)) { row in
      Work(
        number: try row.unsigned(0, file: file), member: try row.unsigned(1, file: file), id: row.text(2) ?? "",
        title: row.text(3), kind: row.text(4), firstPublished: row.text(5),
        attributes: try row.object(6, if: 8, of: "what is said of work \(row.text(2) ?? "")", file: file),
        itemCount: row.count(7))
    }
  }

  /// The condition that a member or a work has not been removed; catalogues of format 1 cannot say so.
  private var presence: String {
    get throws { try Schema.hasEdits(db) ? " AND removed_seq IS NULL" : "" }
  }

  /// The number of the member named `id`, or nil.
  public func memberNumber(forID id: String) throws -> UInt32? {
    guard !id.utf8.contains(0) else { return nil }
    let presence = try presence
    let statement = try db.cachedStatement(sql: "SELECT number FROM member WHERE id = ?\(presence)")
    return try Row.fetchOne(statement, arguments: [id]).map { try $0.unsigned(0, file: file) }
  }

  /// The number of the work named `id` of a member, or nil.
  public func workNumber(forID id: String, ofMember member: UInt32) throws -> UInt32? {
    guard !id.utf8.contains(0) else { return nil }
    let statement = try db.cachedStatement(sql: "SELECT number FROM work WHERE ifnull(member, 0) = ? AND id = ?")
    return try Row.fetchOne(statement, arguments: [Int64(member), id]).map { try $0.unsigned(0, file: file) }
  }

  /// Visits the number and id of every member with a number above `number`, in the order of numbers.
  ///
  /// - Complexity: O(*m*) for *m* visits.
  public func forEachMember(after number: UInt32 = 0, _ visit: (UInt32, String) throws -> Void) throws {
    let sql = "SELECT number, id FROM member WHERE number > ? ORDER BY number"
    let rows = try Row.fetchCursor(db, sql: sql, arguments: [Int64(number)])
    while let row = try rows.next() { try visit(row.unsigned(0, file: file), row.text(1) ?? "") }
  }

  /// Visits every work with a number above `number`, in the order of numbers.
  ///
  /// - Complexity: O(*m*) for *m* visits.
  public func forEachWork(after number: UInt32 = 0, _ visit: (WorkEntry) throws -> Void) throws {
    let sql = "SELECT number, member, id FROM work WHERE number > ? ORDER BY number"
    let rows = try Row.fetchCursor(db, sql: sql, arguments: [Int64(number)])
    while let row = try rows.next() {
      try visit(
        WorkEntry(
          number: row.unsigned(0, file: file), member: row.unsigned(1, file: file), id: row.text(2) ?? ""))
    }
  }

  private func collect<Element>(_ rows: RowCursor, _ transform: (Row) throws -> Element) throws -> [Element] {
    var elements: [Element] = []
    while let row = try rows.next() { elements.append(try transform(row)) }
    return elements
  }
}
