import ArgumentParser

/// The targets by the names that the command line has for them.
enum TargetKind: String, CaseIterable, ExpressibleByArgument {
  /// Exact search.
  case exact

  var type: any SearchTarget.Type {
    switch self {
    case .exact: ExactTarget.self
    }
  }
}
