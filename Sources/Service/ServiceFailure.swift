import Catalogue
import Foundation
import VectorFiles
import VectorIndex
import WireProtocol

/// What failures of the modules below mean to callers: the one place where errors become exit codes and wire errors.
public enum ServiceFailure {
  /// The sentence for a person.
  public static func message(for error: any Error) -> String {
    switch error {
    case let error as WireError: error.message
    case let error as CocoaError: CatalogueError.naming(error, file: file(of: error as NSError)).description
    case let error as POSIXError: CatalogueError.naming(error, file: "a file").description
    case let error where type(of: error) is NSError.Type:
      CatalogueError.naming(error, file: file(of: error as NSError)).description
    case is DecodingError, is EncodingError: "an answer could not be understood; this is a fault of kagami"
    case let error as any CustomStringConvertible: error.description
    default: "something failed that should not; this is a fault of kagami"
    }
  }

  private static func file(of error: NSError) -> String {
    error.userInfo[NSFilePathErrorKey] as? String ?? (error.userInfo[NSURLErrorKey] as? URL)?.path ?? "a file"
  }

  /// The exit code, after sysexits.
  public static func exitCode(for error: any Error) -> Int32 {
    switch error {
    case let error as CatalogueError: error.exitCode
    case let error as FileError: exitCode(for: error)
    case let error as IndexError: exitCode(for: error)
    case is ImportError: 65
    case let error as ExportError: error.exitCode
    case is BackupError: 65
    case let error as ScanError: error.exitCode
    case is StreamError: 74
    case is AddressSpaceError: 71
    case let error as LogFailure: error.exitCode
    case let error as SocketError: error.exitCode
    case let error as WireError: exitCode(for: error.kind)
    case let error as CommandFailure: error.exitCode
    case let error as CocoaError: CatalogueError.naming(error, file: "").exitCode
    case let error as POSIXError: CatalogueError.naming(error, file: "").exitCode
    case let error where type(of: error) is NSError.Type: CatalogueError.naming(error, file: "").exitCode
    default: 70
    }
  }

  private static func exitCode(for error: FileError) -> Int32 {
    switch error.kind {
    case .unopenable: 66
    case .uncreatable: 73
    case .forbidden: 77
    case .inputOutput: 74
    case .malformed, .unsupported: 65
    case .locked: 75
    }
  }

  private static func exitCode(for kind: WireError.Kind) -> Int32 {
    switch kind {
    case .notFound, .conflict, .storageCorrupt, .unsupportedVersion, .stale: 65
    case .internalError: 70
    case .resourceExhausted: 71
    case .storageFull, .storageIO: 74
    case .overloaded, .notReady, .shuttingDown, .deadlineExceeded: 75
    case .readOnly: 77
    case .parseError, .invalidRequest, .methodNotFound, .invalidParams, .cancelled, .tooLarge: 64
    }
  }

  private static func exitCode(for error: IndexError) -> Int32 {
    switch error {
    case .missing: 66
    case .damaged, .newer: 65
    case .io(_, _, let code) where [EACCES, EPERM, EROFS].contains(code): 77
    case .io, .full: 74
    case .outOfMemory: 70
    }
  }

  /// The answer of the wire.
  static func wireError(for error: any Error) -> WireError {
    switch error {
    case let error as WireError: error
    case let error as CatalogueError: wireError(for: error)
    case let error as IndexError: wireError(for: error)
    default: WireError(.internalError, "\(error)")
    }
  }

  private static func wireError(for error: CatalogueError) -> WireError {
    let kind: WireError.Kind =
      switch error {
      case .missing: .notFound
      case .notACatalogue, .damaged: .storageCorrupt
      case .newer: .unsupportedVersion
      case .exists, .locked: .conflict
      case .cannotCreate, .pathTooLong, .io: .storageIO
      case .readOnly, .permissionDenied: .readOnly
      case .full: .storageFull
      case .busy: .notReady
      case .invalid: .invalidParams
      case .unknown: .notFound
      case .conflict: .conflict
      }
    return WireError(kind, error.description)
  }

  private static func wireError(for error: IndexError) -> WireError {
    let kind: WireError.Kind =
      switch error {
      case .missing, .damaged: .storageCorrupt
      case .newer: .unsupportedVersion
      case .io: .storageIO
      case .full: .storageFull
      case .outOfMemory: .resourceExhausted
      }
    return WireError(kind, error.description)
  }
}
