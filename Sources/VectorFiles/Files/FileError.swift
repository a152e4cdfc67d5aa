/// Why a file could not be read or written, and where in it.
///
/// Its description names the file first, then the place, then what is wrong and what to do about it:
/// `items.npy, byte 21: the array is in Fortran order; …`.
public struct FileError: Error, Equatable, Sendable {
  /// The families of failures that a caller treats differently.
  public enum Kind: Equatable, Sendable {
    /// The file does not exist, or cannot be opened.
    case unopenable
    /// The file cannot be made where it should be.
    case uncreatable
    /// This user may not open or make the file.
    case forbidden
    /// The operating system failed to deliver or to take bytes.
    case inputOutput
    /// The bytes are not what the format promises.
    case malformed
    /// The file is sound, but of a kind that is not read here.
    case unsupported
    /// Another process writes to the file.
    case locked
  }

  /// The family of the failure.
  public let kind: Kind
  /// The file, as the caller named it.
  public let file: String
  /// The offset from the start of the file at which it went wrong, in bytes, where there is one.
  public let offset: Int?
  /// What is wrong, in words for people.
  public let reason: String

  /// Creates an error.
  public init(_ kind: Kind, file: String, offset: Int? = nil, reason: String) {
    self.kind = kind
    self.file = file
    self.offset = offset
    self.reason = reason
  }
}

extension FileError: CustomStringConvertible {
  /// File, place and reason on one line.
  public var description: String {
    guard let offset else { return "\(file): \(reason)" }
    return "\(file), byte \(offset): \(reason)"
  }
}

extension FileError {
  /// Why a file could not be opened for writing.
  init(creating file: String, _ error: SystemCalls.Failure) {
    let reason =
      error.isLink
      ? "is a symbolic link, and files are not written through links; remove it, or name the file that it leads to"
      : "cannot be created: \(error.message)"
    self.init(error.isForbidden ? .forbidden : .uncreatable, file: file, reason: reason)
  }
}
