/// What methods and requests have in common.
extension Method {
  /// The method's place among all, for tables.
  public var place: Int {
    switch self {
    case .hello: 0
    case .health: 1
    case .stats: 2
    case .sync: 3
    case .cancel: 4
    case .shutdown: 5
    case .discover: 6
    case .search: 7
    case .match: 8
    case .itemsGet: 9
    case .itemsCount: 10
    case .itemsUpsert: 11
    case .itemsRemove: 12
    case .itemsScroll: 13
    case .membersPut: 14
    case .membersRemove: 15
    case .worksPut: 16
    case .worksRemove: 17
    case .membersList: 18
    case .worksList: 19
    case .permissionsPut: 20
    case .permissionsRevoke: 21
    case .permissionsList: 22
    case .permissionsCheck: 23
    case .indexBuild: 24
    case .indexCompact: 25
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
    case .cancel: .cancel
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
