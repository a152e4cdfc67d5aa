import Catalogue
import WireProtocol

extension Edit {
  /// `members.put`: a member, or what changes about one.
  static func put(_ request: MemberPutRequest) -> Edit {
    Edit { transaction in
      try transaction.records.put(
        member: request.member, name: request.name, contact: request.contact, joinedAt: request.joinedAt)
      return { $0.member("member", request.member) }
    }
  }

  /// `works.put`: a work, or what changes about one.
  static func put(_ request: WorkPutRequest) -> Edit {
    Edit { transaction in
      let hasMember = try transaction.records.put(
        work: request.work, of: request.member, title: request.title, kind: request.kind,
        firstPublished: request.firstPublished, attributes: request.attributes)
      guard hasMember else {
        throw WireError(
          .notFound, "there is no member with this id; put it first", pointer: "/params/member", got: request.member)
      }
      return { buffer in
        buffer.member("member", request.member)
        buffer.member("work", request.work)
      }
    }
  }

  /// `members.remove` and `works.remove`: with their items where the caller says so.
  static func remove(_ request: RegisterRemoveRequest) -> Edit {
    let operation = request.operation.map { Edit.Operation(id: $0, request: RequestContent(request).text) }
    return Edit(operation: operation) { transaction in
      let (kind, pointer) = request.work == nil ? ("member", "/params/member") : ("work", "/params/work")
      switch try transaction.records.remove(
        member: request.member, work: request.work, cascades: request.cascades)
      {
      case .done(let keys): return receipt(keys)
      case .absent:
        throw WireError(
          .notFound, "there is no \(kind) with this id", pointer: pointer, got: request.work ?? request.member)
      case .hasItems(let count):
        throw WireError(
          .conflict, "the \(kind) has \(count) items; send cascade: true to remove them with it", pointer: pointer,
          got: "\(count) items")
      }
    }
  }
}
