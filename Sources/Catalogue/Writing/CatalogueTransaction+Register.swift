import GRDB

extension CatalogueTransaction {
  /// The numbers of an item's member and work, nil where it has none.
  struct Numbers {
    var member: Int64?
    var work: Int64?
  }

  /// Finds or creates the member and the work that an item names.
  func resolve(member: ExactText?, work: ExactText?, from item: ItemRecord) throws -> Numbers {
    var numbers = Numbers()
    if let member { numbers.member = try number(ofMember: member) }
    if let work {
      let name = WriterState.WorkName(member: numbers.member ?? 0, id: work)
      numbers.work = try number(ofWork: name, from: item)
    }
    return numbers
  }

  func number(ofMember id: ExactText) throws -> Int64 {
    if let number = state.members[id] { return number }
    let search = try db.cachedStatement(sql: "SELECT number, removed_seq FROM member WHERE id = ?")
    let found = try Row.fetchOne(search, arguments: [id.text])
    if let found, found.optionalNumber(1) != nil { try revive("member", found.number(0)) }
    let number = try found?.number(0) ?? create(member: id.text)
    if state.members.count >= WriterState.rememberedNames { state.members.removeAll(keepingCapacity: true) }
    state.members[id] = number
    return number
  }

  /// Brings a member or a work back that was removed; its number is its own for ever.
  private func revive(_ table: String, _ number: Int64) throws {
    try db.execute(
      sql: "UPDATE \(table) SET removed_seq = NULL, updated_seq = ? WHERE number = ?", arguments: [seq, number])
    hasOtherChanges = true
  }

  private func create(member id: String) throws -> Int64 {
    let sql = """
      INSERT INTO member (number, id, joined_at, created_seq, updated_seq)
      VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?, ?)
      """
    let number = state.nextMember
    try db.cachedStatement(sql: sql).execute(arguments: [number, id, seq, seq])
    state.nextMember += 1
    return number
  }

  func number(ofWork name: WriterState.WorkName, from item: ItemRecord) throws -> Int64 {
    if let number = state.works[name] { return number }
    let search = try db.cachedStatement(
      sql: "SELECT number, removed_seq FROM work WHERE ifnull(member, 0) = ? AND id = ?")
    let found = try Row.fetchOne(search, arguments: [name.member, name.id.text])
    if let found, found.optionalNumber(1) != nil { try revive("work", found.number(0)) }
    let number = try found?.number(0) ?? create(work: name, from: item)
    if state.works.count >= WriterState.rememberedNames { state.works.removeAll(keepingCapacity: true) }
    state.works[name] = number
    return number
  }

  private func create(work name: WriterState.WorkName, from item: ItemRecord) throws -> Int64 {
    let sql = """
      INSERT INTO work (number, member, id, title, kind, created_seq, updated_seq) VALUES (?, ?, ?, ?, ?, ?, ?)
      """
    let number = state.nextWork
    let member = name.member == 0 ? nil : name.member
    try db.cachedStatement(sql: sql)
      .execute(arguments: [number, member, name.id.text, item.title, item.kind, seq, seq])
    state.nextWork += 1
    return number
  }
}
