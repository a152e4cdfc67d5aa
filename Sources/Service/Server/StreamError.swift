/// Why the streams of a co-process cannot be used.
public enum StreamError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The process was started without standard output.
  case noOutput
  /// The system grants no more descriptors.
  case noDescriptors

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .noOutput: "standard output is closed, so that nobody could read the answers; connect it to a pipe"
    case .noDescriptors: "too many files are open; raise the limit (ulimit -n)"
    }
  }
}
