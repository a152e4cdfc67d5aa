/// Why an engine could not be asked, or its answer not be used.
public enum ClientError: Error, Sendable, Hashable {
  /// The engine could not be started or watched.
  case cannotRun(executable: String, reason: String)
  /// The engine ended while calls were waiting, or before they were made.
  case engineExited(EngineExit)
  /// The client was closed before the call was made.
  case closed
  /// The engine's answer does not have the shape that the method promises.
  case unexpectedAnswer(method: String, reason: String)
  /// The vectors that the caller gave do not fill whole rows.
  case raggedVectors(count: Int, dimension: Int)
}

extension ClientError: CustomStringConvertible {
  /// What happened and what to look at.
  public var description: String {
    switch self {
    case .cannotRun(let executable, let reason):
      "cannot run \(executable): \(reason)"
    case .engineExited(let exit):
      exit.description
    case .closed:
      "the client was closed: make calls before close(), or start another engine"
    case .unexpectedAnswer(let method, let reason):
      "the answer to \(method) cannot be read: \(reason)"
    case .raggedVectors(let count, let dimension):
      "\(count) numbers are not a whole number of vectors of dimension \(dimension)"
    }
  }
}
