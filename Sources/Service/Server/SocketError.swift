/// Why an engine cannot be reached by a socket.
public enum SocketError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Another engine answers there.
  case inUse(path: String)
  /// Something that is no socket lies there.
  case notASocket(path: String)
  /// The system takes no path of that length.
  case tooLong(path: String, limit: Int)
  /// The system does not permit it.
  case permissionDenied(path: String)
  /// The system refuses for another reason.
  case cannotCreate(path: String, reason: String)

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .inUse(let path): "another engine serves on \(path); use that one, or give another path to --socket"
    case .notASocket(let path): "\(path) exists and is no socket; give another path to --socket"
    case .tooLong(let path, let limit):
      "the path of a socket has at most \(limit) bytes, this one has \(path.utf8.count); give a shorter path to --socket"
    case .permissionDenied(let path): "no permission to make a socket at \(path)"
    case .cannotCreate(let path, let reason): "cannot make a socket at \(path): \(reason)"
    }
  }

  /// After sysexits.
  var exitCode: Int32 {
    switch self {
    case .inUse: 75
    case .notASocket, .cannotCreate: 73
    case .tooLong: 64
    case .permissionDenied: 77
    }
  }
}
