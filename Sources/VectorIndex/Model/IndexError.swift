/// What can go wrong between the index and its files.
///
/// Every description names the file and says what to do.
public enum IndexError: Error, Hashable, Sendable {
  /// A file that the catalogue names is not there.
  case missing(file: String)
  /// A file is not what its name says, or not what was written.
  case damaged(file: String, reason: String)
  /// A file was written by a later version of the format.
  case newer(file: String, found: UInt32, supported: UInt32)
  /// The file system refused an operation.
  case io(file: String, operation: String, code: Int32)
  /// There is no room left on the device, or a limit on file sizes was reached.
  case full(file: String)
  /// The address space or memory that was asked for cannot be had.
  case outOfMemory(bytes: Int, purpose: String)
}

extension IndexError: CustomStringConvertible {
  /// The sentence that a person reads.
  public var description: String {
    switch self {
    case .missing(let file):
      "\(file): the catalogue names this file but it is not there; put it back from a backup"
    case .damaged(let file, let reason):
      "\(file): damaged: \(reason); restore it from a backup, or import the items again"
    case .newer(let file, let found, let supported):
      "\(file): written in format \(found), this program reads up to \(supported); use a newer kagami"
    case .io(let file, let operation, let code):
      "\(file): \(operation) failed: \(SystemCall.message(for: code))"
    case .full(let file):
      "\(file): no space left to write; free some and try again (nothing was acknowledged)"
    case .outOfMemory(let bytes, let purpose):
      "cannot get \(bytes) bytes of memory for \(purpose); raise the limit or use a smaller catalogue"
    }
  }
}
