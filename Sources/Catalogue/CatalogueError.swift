/// Why a catalogue could not be opened, read or written.
///
/// Every description names the file and says what to do. ``exitCode`` gives the command line's answer to each.
public enum CatalogueError: Error, Hashable, Sendable {
  /// There is nothing at `path`.
  case missing(path: String)
  /// Something is at `path`, but not a catalogue.
  case notACatalogue(path: String, reason: String)
  /// `file` was written by a newer release in a format that this one does not know.
  case newer(file: String, format: Int64, supported: Int64)
  /// The contents of `file` contradict themselves.
  case damaged(file: String, reason: String)
  /// Something is already at `path`, where a catalogue was to be created.
  case exists(path: String)
  /// No catalogue can be created at `path`.
  case cannotCreate(path: String, reason: String)
  /// SQLite opens no file at `path`, whose database would have a path of `byteCount` bytes.
  case pathTooLong(path: String, byteCount: Int, limit: Int)
  /// Another process writes to the catalogue: `pid` since `since`, where it told so.
  case locked(path: String, pid: Int32?, since: String?)
  /// The catalogue was opened for reading only.
  case readOnly(path: String)
  /// The system does not let this user at `file`.
  case permissionDenied(file: String, reason: String)
  /// The disk that holds `file` has no room left.
  case full(file: String)
  /// SQLite waited too long for another connection to `file`.
  case busy(file: String)
  /// The system failed to read or write `file`.
  case io(file: String, reason: String)
  /// A value that was to be stored is not acceptable; `subject` says whose value it is.
  case invalid(subject: String, reason: String)
  /// There is no `kind` of that id, which has to exist before it can be named.
  case unknown(kind: String, id: String)
  /// Something of that name exists and is different.
  case conflict(subject: String, reason: String)
}

extension CatalogueError: CustomStringConvertible {
  /// What happened, to which file, and what to do about it.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such file or directory. Check the path, or create a catalogue there first."
    case .notACatalogue(let path, let reason):
      "\(path): not a catalogue (\(reason)). Check the path."
    case .newer(let file, let format, let supported):
      "\(file): written in format \(format), this release reads up to format \(supported). Use a newer release."
    case .damaged(let file, let reason):
      "\(file): damaged (\(reason)). Stop writing to it, verify it, and restore it from a copy."
    case .exists(let path):
      "\(path): exists already. Choose another path, or import into it."
    case .cannotCreate(let path, let reason):
      "\(path): cannot be created (\(reason)). Choose a path in an existing directory."
    case .pathTooLong(let path, let byteCount, let limit):
      "\(path): the path is too long. Its database would have a path of \(byteCount) bytes; SQLite opens at most \(limit). Choose a shorter one."
    case .locked(let path, let pid, let since):
      "\(path): \(CatalogueError.holder(pid: pid, since: since)) is writing to it. Wait for it to end, or open read-only."
    case .readOnly(let path):
      "\(path): opened for reading only. Open it for writing to change it."
    case .permissionDenied(let file, let reason):
      "\(file): permission denied (\(reason)). Change the owner or mode, or run as a user who may."
    case .full(let file):
      "\(file): no room left on its disk; nothing of this write was kept. Free some space and write again."
    case .busy(let file):
      "\(file): another connection kept it locked. Try again."
    case .io(let file, let reason):
      "\(file): input/output error (\(reason)). Check the disk, then start again."
    case .invalid(let subject, let reason), .conflict(let subject, let reason):
      "\(subject): \(reason)."
    case .unknown(let kind, let id):
      "\(id): there is no such \(kind). Check its spelling, or register it first."
    }
  }

  private static func holder(pid: Int32?, since: String?) -> String {
    guard let pid else { return "another process" }
    return "process \(pid)" + (since.map { " (since \($0))" } ?? "")
  }
}

extension CatalogueError {
  /// The exit code of a command that fails with this error, after sysexits.h.
  public var exitCode: Int32 {
    switch self {
    case .notACatalogue, .newer, .damaged, .invalid, .unknown, .conflict: 65
    case .missing: 66
    case .exists, .cannotCreate, .pathTooLong: 73
    case .full, .io: 74
    case .locked, .busy: 75
    case .readOnly, .permissionDenied: 77
    }
  }

  /// Whether the same call may succeed later without anyone changing its input.
  public var isRetryable: Bool {
    switch self {
    case .locked, .busy, .full: true
    default: false
    }
  }
}
