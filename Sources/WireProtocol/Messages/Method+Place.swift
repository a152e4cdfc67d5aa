/// What methods and requests have in common.
extension Method {
  /// The method's place among all, for tables.
  public var place: Int {
    switch self {
    case .hello: 0
    case .health: 1
    case .stats: 2
    case .sync: 3
    case .shutdown: 4
    case .discover: 5
    case .search: 6
    case .match: 7
    case .itemsGet: 8
    case .itemsCount: 9
    case .itemsUpsert: 10
    case .itemsRemove: 11
    case .itemsScroll: 12
    case .membersPut: 13
    case .membersRemove: 14
    case .worksPut: 15
    case .worksRemove: 16
    case .membersList: 17
    case .worksList: 18
    case .permissionsPut: 19
    case .permissionsRevoke: 20
    case .permissionsList: 21
    case .permissionsCheck: 22
    case .indexBuild: 23
    case .indexCompact: 24
    }
  }
}

extension RequestBody {
  /// The method that is asked for.
  public var method: Method {
    switch self {
    case .hello: .hello
    case .health: .health
    case .stats: .stats
    case .sync: .sync
    case .shutdown: .shutdown
    case .discover: .discover
    case .search: .search
    case .match: .match
    case .itemsGet: .itemsGet
    case .itemsCount: .itemsCount
    case .itemsUpsert: .itemsUpsert
    case .itemsRemove: .itemsRemove
    case .itemsScroll: .itemsScroll
    case .membersPut: .membersPut
    case .membersRemove: .membersRemove
    case .worksPut: .worksPut
    case .worksRemove: .worksRemove
    case .membersList: .membersList
    case .worksList: .worksList
    case .permissionsPut: .permissionsPut
    case .permissionsRevoke: .permissionsRevoke
    case .permissionsList: .permissionsList
    case .permissionsCheck: .permissionsCheck
    case .indexBuild: .indexBuild
    case .indexCompact: .indexCompact
    }
  }
}
