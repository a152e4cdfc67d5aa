/// How an engine ended.
public struct EngineExit: Sendable, Hashable {
  /// What ended it.
  public enum Status: Sendable, Hashable {
    /// It exited by itself with this code.
    case code(Int32)
    /// A signal with this number ended it.
    case signal(Int32)
  }

  /// What ended it.
  public let status: Status
  /// The last 8 KiB of what it wrote to standard error.
  public let standardErrorTail: String

  /// Describes an engine's end.
  public init(status: Status, standardErrorTail: String) {
    self.status = status
    self.standardErrorTail = standardErrorTail
  }

  /// Whether it finished what it had accepted and exited with code 0.
  public var isSuccess: Bool { status == .code(0) }
}

extension EngineExit: CustomStringConvertible {
  /// The code or signal, then the end of standard error.
  public var description: String {
    let cause =
      switch status {
      case .code(let code): "the engine exited with code \(code)"
      case .signal(let number): "signal \(number) ended the engine"
      }
    return standardErrorTail.isEmpty ? cause : "\(cause); it wrote:\n\(standardErrorTail)"
  }
}
