import ArgumentParser

/// The targets by the names that the command line has for them.
enum TargetKind: String, CaseIterable, ExpressibleByArgument {
  /// Codes and graph.
  case engine
  /// Exact search.
  case exact

  var type: any SearchTarget.Type {
    switch self {
    case .engine: EngineTarget.self
    case .exact: ExactTarget.self
    }
  }
}
