extension RequestBody {
  /// Whether the answer costs next to nothing and overtakes everything that waits.
  public var isControl: Bool {
    switch self {
    case .hello, .health, .stats, .cancel: true
    default: false
    }
  }

  /// Whether the answer may take minutes.
  public var takesLong: Bool {
    switch self {
    case .indexBuild, .indexCompact: true
    default: false
    }
  }

  /// Whether everything before must be finished first.
  public var isBarrier: Bool {
    switch self {
    case .sync, .shutdown: true
    default: false
    }
  }

  /// Milliseconds after receipt at which the answer is of no use any more.
  public var deadline: Int64? {
    switch self {
    case .search(let search): search.options.deadline
    case .match(let match): match.options.deadline
    case .itemsScroll(let scroll): scroll.deadline
    case .itemsUpsert(let edit): edit.deadline
    case .itemsRemove(let edit): edit.deadline
    case .membersPut(let edit): edit.deadline
    case .worksPut(let edit): edit.deadline
    case .membersRemove(let edit), .worksRemove(let edit): edit.deadline
    case .permissionsPut(let edit): edit.deadline
    case .permissionsRevoke(let edit): edit.deadline
    default: nil
    }
  }
}
