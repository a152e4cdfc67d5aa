/// The register: members and their works.
extension KagamiClient {
  /// Stores a member; what is `nil` stays as it is.
  ///
  /// - Returns: The transaction that holds it.
  @discardableResult
  public func put(_ member: Member) async throws -> Int {
    try await call("members.put", member, returning: EditAnswer.self).seq
  }

  /// Stores a work of a member that exists; what is `nil` stays as it is.
  ///
  /// - Returns: The transaction that holds it.
  @discardableResult
  public func put(_ work: Work) async throws -> Int {
    try await call("works.put", work, returning: EditAnswer.self).seq
  }

  /// Removes a member.
  ///
  /// - Parameters:
  ///   - member: Its id.
  ///   - cascades: Whether its items go with it; otherwise one with items is refused as `conflict`.
  ///   - operation: A name for the edit, so that sending it twice does it once.
  /// - Returns: The receipt.
  /// - Throws: ``EngineError``, ``ClientError``, `CancellationError`.
  public func remove(
    member: String, cascades: Bool = false, operation: String? = nil
  ) async throws -> RemovalAnswer {
    let parameters = RegisterRemoval(member: member, work: nil, cascade: cascades, op_id: operation)
    return try await call("members.remove", parameters, returning: RemovalAnswer.self)
  }

  /// Removes a work.
  ///
  /// - Parameters:
  ///   - work: Its id.
  ///   - member: Its member's.
  ///   - cascades: Whether its items go with it; otherwise one with items is refused as `conflict`.
  ///   - operation: A name for the edit, so that sending it twice does it once.
  /// - Returns: The receipt.
  /// - Throws: ``EngineError``, ``ClientError``, `CancellationError`.
  public func remove(
    work: String, of member: String, cascades: Bool = false, operation: String? = nil
  ) async throws -> RemovalAnswer {
    let parameters = RegisterRemoval(member: member, work: work, cascade: cascades, op_id: operation)
    return try await call("works.remove", parameters, returning: RemovalAnswer.self)
  }

  /// A page of the members.
  public func members(limit: Int? = nil, after cursor: String? = nil) async throws -> MembersPage {
    try await call("members.list", PageParameters(limit: limit, cursor: cursor), returning: MembersPage.self)
  }

  /// A page of the works, of one member if you say so.
  public func works(of member: String? = nil, limit: Int? = nil, after cursor: String? = nil) async throws -> WorksPage
  {
    try await call(
      "works.list", PageParameters(limit: limit, cursor: cursor, member: member), returning: WorksPage.self)
  }
}

private struct EditAnswer: Decodable {
  let seq: Int
}

// The names are those of the wire.
// swift-format-ignore: AlwaysUseLowerCamelCase
private struct RegisterRemoval: Encodable {
  let member: String
  let work: String?
  let cascade: Bool
  let op_id: String?
}

/// What all lists take.
struct PageParameters: Encodable {
  var limit: Int?
  var cursor: String?
  var member: String?
  var licensee: String?
}
