import GRDB

extension CatalogueTransaction {
  // MARK: Operations

  /// An operation that was done before.
  public struct KnownOperation: Hashable, Sendable {
    /// What was answered, JSON.
    public let answer: String
    /// What was asked, as whoever had it remembered wrote it; nil where a release before format 4 did.
    public let request: String?
    /// The commit that did it.
    public let seq: Int64
  }

  /// Looks an operation up that was done before.
  ///
  /// - Parameter id: The caller's name for it.
  /// - Returns: What is remembered of it; nil for a new one.
  /// - Throws: ``CatalogueError``.
  public func operation(named id: String) throws -> KnownOperation? {
    try spoilingOnError {
      let search = try db.cachedStatement(
        sql: "SELECT answer, \(Row.isObject("answer")), request, seq FROM operation WHERE id = ?")
      guard let row = try Row.fetchOne(search, arguments: [id]) else { return nil }
      let answer = try row.object(0, if: 1, of: "the answer to operation \(id)", file: file)
      return KnownOperation(answer: answer ?? "", request: row.text(2), seq: row.number(3))
    }
  }

  /// Remembers the answer to an operation.
  ///
  /// - Parameters:
  ///   - answer: JSON, given again to whoever sends the operation again.
  ///   - request: What was asked, in whatever form shows two requests to be the same.
  ///   - id: The caller's name for it.
  /// - Throws: ``CatalogueError``.
  public func remember(_ answer: String, to request: String, ofOperation id: String) throws {
    try spoilingOnError {
      try db.cachedStatement(sql: "INSERT INTO operation (id, seq, answer, request) VALUES (?, ?, ?, ?)")
        .execute(arguments: [id, seq, answer, request])
      try db.cachedStatement(sql: "DELETE FROM operation WHERE seq < ?")
        .execute(arguments: [seq - Self.rememberedCommits])
      hasNewOperations = true
    }
  }

  /// Commits for which operations are remembered: whoever sends one again does so soon.
  private static let rememberedCommits: Int64 = 1_000_000

  // MARK: Items

  /// Removes live items by their rows.
  ///
  /// - Returns: The keys of those that there were.
  /// - Complexity: O(*m* log *n*) for *m* rows among *n*.
  public func remove(rows ordinals: some Sequence<UInt32>) throws -> [String] {
    try spoilingOnError {
      let burial = try db.cachedStatement(
        sql: "UPDATE item SET removed_seq = ? WHERE ordinal = ? AND removed_seq IS NULL RETURNING key")
      var keys: [String] = []
      for ordinal in ordinals {
        guard let row = try Row.fetchOne(burial, arguments: [seq, Int64(ordinal)]) else { continue }
        keys.append(row.text(0) ?? "")
        removed.append(ordinal)
      }
      return keys
    }
  }

  /// Whether there is a member, and a work of it where one is named.
  public func exists(member: String?, work: String?) throws -> Bool {
    guard let member else { return true }
    return try spoilingOnError {
      guard let number = try liveNumber(ofMember: member) else { return false }
      guard let work else { return true }
      return try liveNumber(ofWork: work, member: number) != nil
    }
  }

  // MARK: Members and works

  /// Stores what is said of a member, who is created if need be; nil leaves a field as it is.
  public func put(member id: String, name: String?, contact: String?, joinedAt: String?) throws {
    try spoilingOnError {
      try Self.check([("member", id), ("name", name), ("contact", contact), ("joined_at", joinedAt)])
      let number = try number(ofMember: ExactText(id))
      let sql = """
        UPDATE member SET name = ifnull(?, name), contact = ifnull(?, contact), joined_at = ifnull(?, joined_at),
          updated_seq = ? WHERE number = ?
        """
      try db.cachedStatement(sql: sql).execute(arguments: [name, contact, joinedAt, seq, number])
      hasOtherChanges = true
    }
  }

  /// Stores what is said of a work, which is created if need be; nil leaves a field as it is.
  ///
  /// - Returns: Whether its member exists.
  public func put(
    work id: String, of member: String, title: String?, kind: String?, firstPublished: String?, attributes: String?
  ) throws -> Bool {
    try spoilingOnError {
      try Self.check([("work", id), ("title", title), ("kind", kind), ("first_published", firstPublished)])
      guard let owner = try liveNumber(ofMember: member) else { return false }
      let name = WriterState.WorkName(member: owner, id: ExactText(id))
      let number = try number(ofWork: name, from: ItemRecord(key: id, kind: kind, title: title, checksum: 0))
      let sql = """
        UPDATE work SET title = ifnull(?, title), kind = ifnull(?, kind), first_published = ifnull(?, first_published),
          attributes = ifnull(?, attributes), updated_seq = ? WHERE number = ?
        """
      try db.cachedStatement(sql: sql).execute(arguments: [title, kind, firstPublished, attributes, seq, number])
      hasOtherChanges = true
      return true
    }
  }

  /// What became of the removal of a member or a work.
  public enum Removal: Sendable {
    /// It is gone, and so are these items.
    case done(keys: [String])
    /// There was none.
    case absent
    /// It has so many items, and was not to take them with it.
    case hasItems(Int)
  }

  /// Removes a member with its works, or one work of it.
  ///
  /// - Parameters:
  ///   - member: The member's id.
  ///   - work: The work's id; nil for the whole member.
  ///   - cascades: Whether its items go with it; otherwise it must have none.
  /// - Returns: What became of it.
  /// - Throws: ``CatalogueError``.
  /// - Complexity: O(*m* log *n*) for *m* items of it.
  public func remove(member: String, work: String? = nil, cascades: Bool) throws -> Removal {
    try spoilingOnError {
      guard let owner = try liveNumber(ofMember: member) else { return .absent }
      var number: Int64?
      if let work {
        number = try liveNumber(ofWork: work, member: owner)
        if number == nil { return .absent }
      }
      let ordinals = try items(ofMember: owner, work: number)
      guard ordinals.isEmpty || cascades else { return .hasItems(ordinals.count) }
      let keys = try remove(rows: ordinals)
      if let number {
        try bury("work", "number = \(number)")
      } else {
        try bury("work", "member = \(owner)")
        try bury("member", "number = \(owner)")
      }
      forgetNames()
      hasOtherChanges = true
      return .done(keys: keys)
    }
  }

  private func bury(_ table: String, _ condition: String) throws {
    try db.execute(
      sql: "UPDATE \(table) SET removed_seq = ? WHERE removed_seq IS NULL AND \(condition)", arguments: [seq])
  }

  private func items(ofMember member: Int64, work: Int64?) throws -> [UInt32] {
    let sql = """
      SELECT ordinal FROM item WHERE member = ? AND (?2 IS NULL OR work = ?2) AND removed_seq IS NULL ORDER BY ordinal
      """
    return try Row.fetchAll(db, sql: sql, arguments: [member, work]).map { try $0.unsigned(0, file: file) }
  }

  func liveNumber(ofMember id: String) throws -> Int64? {
    guard !id.utf8.contains(0) else { return nil }
    let sql = "SELECT number FROM member WHERE id = ? AND removed_seq IS NULL"
    return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [id])?.number(0)
  }

  func liveNumber(ofWork id: String, member: Int64) throws -> Int64? {
    guard !id.utf8.contains(0) else { return nil }
    let sql = "SELECT number FROM work WHERE ifnull(member, 0) = ? AND id = ? AND removed_seq IS NULL"
    return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [member, id])?.number(0)
  }

  /// SQLite's text functions end at U+0000, so that two texts would look the same.
  private static func check(_ fields: [(name: String, text: String?)]) throws {
    for case (let name, let text?) in fields where text.utf8.contains(0) {
      throw CatalogueError.invalid(subject: name, reason: "contains U+0000")
    }
  }
}
