import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// `members.list`: who has registered artwork, a page at a time.
  func membersList(_ request: ListRequest, _ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    let after = try number(of: request.cursor)
    let (snapshot, _, members) = try engine.readTogether { try $0.members(after: after, limit: request.limit + 1) }
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.name("members")
    encoder.buffer.beginArray()
    for member in members.prefix(request.limit) { encoder.buffer.write(member) }
    encoder.buffer.endArray()
    close(snapshot.sequence, next: members.count > request.limit ? members[request.limit - 1].number : nil, &encoder)
  }

  /// `works.list`: which works there are, a page at a time.
  func worksList(_ request: ListRequest, _ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    let after = try number(of: request.cursor)
    let (snapshot, _, (works, owners)) = try engine.readTogether { reader -> ([Work], [UInt32: String]) in
      let member = try request.member.map { try number(ofMember: $0, reader) }
      let works = try reader.works(ofMember: member, after: after, limit: request.limit + 1)
      var owners: [UInt32: String] = [:]
      try reader.forEachMember { number, id in owners[number] = id }
      return (works, owners)
    }
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.name("works")
    encoder.buffer.beginArray()
    for work in works.prefix(request.limit) { encoder.buffer.write(work, of: owners[work.member] ?? "") }
    encoder.buffer.endArray()
    close(snapshot.sequence, next: works.count > request.limit ? works[request.limit - 1].number : nil, &encoder)
  }

  /// The number of a member that a request names.
  func number(ofMember id: String, _ reader: CatalogueReader) throws -> UInt32 {
    guard let number = try reader.memberNumber(forID: id) else {
      throw WireError(.notFound, "there is no member with this id", pointer: "/params/member", got: id)
    }
    return number
  }

  private func number(of cursor: String?) throws(WireError) -> UInt32 {
    guard let cursor else { return 0 }
    guard let number = UInt32(cursor) else { throw .invalid("/params/cursor", "not a cursor of an earlier answer") }
    return number
  }

  private func close(_ sequence: Int64, next: UInt32?, _ encoder: inout AnswerEncoder) {
    encoder.buffer.member("seq", Int(sequence))
    encoder.buffer.member("cursor", next.map { "\($0)" })
    encoder.buffer.endObject()
    encoder.endResult()
  }
}

extension ByteBuffer {
  fileprivate mutating func write(_ member: Member) {
    beginObject()
    self.member("member", member.id)
    self.member("name", member.name)
    self.member("contact", member.contact)
    self.member("joined_at", member.joinedAt)
    self.member("works", member.workCount)
    self.member("items", member.itemCount)
    endObject()
  }

  fileprivate mutating func write(_ work: Work, of member: String) {
    beginObject()
    self.member("member", member)
    self.member("work", work.id)
    self.member("title", work.title)
    self.member("kind", work.kind)
    self.member("first_published", work.firstPublished)
    self.member("attributes", json: work.attributes)
    self.member("items", work.itemCount)
    endObject()
  }
}
