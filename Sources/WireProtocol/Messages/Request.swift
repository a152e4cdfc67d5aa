/// One request, decoded and checked as far as that is possible without a catalogue.
public struct Request: Sendable {
  /// What the caller calls it.
  public var id: RequestID
  /// What it asks.
  public var body: RequestBody

  /// A request.
  public init(id: RequestID, body: RequestBody) {
    (self.id, self.body) = (id, body)
  }
}

/// What a request asks.
public enum RequestBody: Sendable {
  /// Versions, limits and what the catalogue is.
  case hello
  /// Whether the engine works as it should.
  case health
  /// Counters.
  case stats
  /// Everything earlier on the stream is finished.
  case sync
  /// Requests whose answers are not wanted any more.
  case cancel(CancelRequest)
  /// Finish what was accepted, and end.
  case shutdown
  /// What can be asked, for programs.
  case discover
  /// The k nearest items.
  case search(SearchRequest)
  /// Everything at or above a score.
  case match(MatchRequest)
  /// Items by key.
  case itemsGet(ItemsGetRequest)
  /// How many items there are.
  case itemsCount(ItemsCountRequest)
  /// Items to store.
  case itemsUpsert(ItemsUpsertRequest)
  /// Items to take out.
  case itemsRemove(ItemsRemoveRequest)
  /// A page of items.
  case itemsScroll(ItemsScrollRequest)
  /// A member to store.
  case membersPut(MemberPutRequest)
  /// A member to take out.
  case membersRemove(RegisterRemoveRequest)
  /// A work to store.
  case worksPut(WorkPutRequest)
  /// A work to take out.
  case worksRemove(RegisterRemoveRequest)
  /// A page of members.
  case membersList(ListRequest)
  /// A page of works.
  case worksList(ListRequest)
  /// A permission is recorded.
  case permissionsPut(PermissionsPutRequest)
  /// A revocation is recorded.
  case permissionsRevoke(PermissionsRevokeRequest)
  /// A page of permissions.
  case permissionsList(PermissionsListRequest)
  /// Whether a use is permitted.
  case permissionsCheck(PermissionsCheckRequest)
  /// A new snapshot of the index.
  case indexBuild(IndexBuildRequest)
  /// Rows of removed items go from the disk.
  case indexCompact(IndexBuildRequest)
}

/// What a search starts from.
public enum QuerySource: Sendable {
  /// Vectors that came with the request, in the decoder's buffer.
  case vectors
  /// The vector of a stored item, which is left out of the answer.
  case key(String)
}

/// What `search` and `match` have in common.
public struct QueryOptions: Sendable {
  /// What is searched for.
  public var source: QuerySource = .vectors
  /// Which items may be answered.
  public var filter: Filter?
  /// Whether hits are gathered by work.
  public var groupsByWork = false
  /// Hits shown of each work.
  public var groupSize = 3
  /// Whether hits show their attributes, title, kind, source and timecode.
  public var withAttributes = false
  /// Whether hits show their stored vector, as base64 of 32-bit floats.
  public var withVectors = false
  /// The revision that must be visible.
  public var minSequence: Int64?
  /// Milliseconds after receipt at which the answer is of no use any more.
  public var deadline: Int64?
  /// The embedding model that the caller takes the catalogue to be of.
  public var model: String?
  /// The use whose permission hits tell.
  public var use: UseRequest?

  /// A search by vectors among all items.
  public init() {}
}

/// The k nearest items.
public struct SearchRequest: Sendable {
  /// What is searched, and how it is shown.
  public var options = QueryOptions()
  /// How many hits, or works.
  public var k = 10
  /// The least score of a hit.
  public var scoreThreshold: Float?
  /// Whether every row must be looked at.
  public var exact: Bool?
  /// How many candidates a walk keeps.
  public var beamWidth: Int?
  /// The share of the true neighbours that a walk must find.
  public var targetRecall: Double?
}

/// Everything at or above a score.
public struct MatchRequest: Sendable {
  /// What is searched, and how it is shown.
  public var options = QueryOptions()
  /// The least score of a match.
  public var scoreThreshold: Float
  /// How many matches one answer holds at most.
  public var limit = 10_000
  /// Where an earlier answer stopped.
  public var cursor: String?
}

/// Items by key.
public struct ItemsGetRequest: Sendable {
  /// The keys, in the order of the answer.
  public var keys: [String]
  /// Whether items show what is known about them.
  public var withAttributes = true
  /// Whether items show their stored vector.
  public var withVectors = false

  /// Items by key, shown as asked.
  public init(keys: [String], withAttributes: Bool = true, withVectors: Bool = false) {
    (self.keys, self.withAttributes, self.withVectors) = (keys, withAttributes, withVectors)
  }
}

/// How many items there are.
public struct ItemsCountRequest: Sendable {
  /// Which items are counted; all without it.
  public var filter: Filter?
}

/// A page of the register.
public struct ListRequest: Sendable {
  /// How many entries at most.
  public var limit = 1000
  /// Where an earlier answer stopped.
  public var cursor: String?
  /// Only works of this member.
  public var member: String?
}

/// Requests whose answers are not wanted any more.
public struct CancelRequest: Sendable {
  /// Which ones.
  public var ids: [RequestID] = []
  /// Whether everything that is in progress on the stream is meant.
  public var isForAll = false

  /// Requests by id, or all of them.
  public init(ids: [RequestID] = [], isForAll: Bool = false) {
    (self.ids, self.isForAll) = (ids, isForAll)
  }
}

/// A new snapshot of the index.
public struct IndexBuildRequest: Sendable {
  /// How many threads may work; the engine's choice unless given.
  public var threads: Int?
  /// Bytes of memory that may be taken; as many as it takes unless given.
  public var memory: Int?
  /// What progress is told under; nothing is told unless given.
  public var progressToken: RequestID?
}
