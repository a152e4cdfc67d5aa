/// What can be asked: the closed set of methods.
///
/// To add a request: a case here, its parameters in ``RequestBody``, their decoding in `ParameterDecoder`, their description in the
/// folder of that name, and a handler in Service.
public enum Method: String, CaseIterable, Sendable {
  /// Versions, limits and what the catalogue is.
  case hello = "engine.hello"
  /// Whether the engine works as it should.
  case health = "engine.health"
  /// Counters.
  case stats = "engine.stats"
  /// A barrier.
  case sync = "engine.sync"
  /// Requests whose answers are not wanted any more.
  case cancel = "engine.cancel"
  /// The end.
  case shutdown = "engine.shutdown"
  /// What can be asked, for programs.
  case discover = "rpc.discover"
  /// The k nearest items.
  case search
  /// Everything at or above a score.
  case match
  /// Items by key.
  case itemsGet = "items.get"
  /// How many items there are.
  case itemsCount = "items.count"
  /// Items to store.
  case itemsUpsert = "items.upsert"
  /// Items to take out.
  case itemsRemove = "items.remove"
  /// A page of items.
  case itemsScroll = "items.scroll"
  /// A member to store.
  case membersPut = "members.put"
  /// A member to take out.
  case membersRemove = "members.remove"
  /// A work to store.
  case worksPut = "works.put"
  /// A work to take out.
  case worksRemove = "works.remove"
  /// A page of members.
  case membersList = "members.list"
  /// A page of works.
  case worksList = "works.list"
  /// A permission is recorded.
  case permissionsPut = "permissions.put"
  /// A revocation is recorded.
  case permissionsRevoke = "permissions.revoke"
  /// A page of permissions.
  case permissionsList = "permissions.list"
  /// Whether a use is permitted.
  case permissionsCheck = "permissions.check"
  /// A new snapshot of the index.
  case indexBuild = "index.build"
  /// Rows of removed items go from the disk.
  case indexCompact = "index.compact"
}

extension Method {
  /// The method of a name that still stands in its line.
  @inline(__always)
  init?(_ name: JSONScanner.Name) {
    switch name {
    case "search": self = .search
    case "match": self = .match
    default: self.init(rawValue: name.string)
    }
  }
}
