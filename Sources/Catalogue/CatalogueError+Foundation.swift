import Foundation

extension CatalogueError {
  /// Says what a failure of Foundation means for `file`, in the system's words where it has some.
  public static func naming(_ error: any Error, file: String) -> CatalogueError {
    if let error = error as? CatalogueError { return error }
    let cocoa = error as NSError
    if let code = systemCode(of: cocoa) { return system(code, file: file) }
    return switch CocoaError.Code(rawValue: cocoa.code) {
    case .fileNoSuchFile, .fileReadNoSuchFile: .missing(path: file)
    case .fileReadNoPermission, .fileWriteNoPermission, .fileWriteVolumeReadOnly:
      .permissionDenied(file: file, reason: "the system refused it")
    case .fileWriteOutOfSpace: .full(file: file)
    case .fileWriteFileExists: .exists(path: file)
    default: .io(file: file, reason: "the system failed")
    }
  }

  /// The number that the system gave, however deep it is packed.
  private static func systemCode(of error: NSError) -> Int32? {
    if error.domain == NSPOSIXErrorDomain { return Int32(exactly: error.code) }
    switch error.userInfo[NSUnderlyingErrorKey] {
    case let error as POSIXError: return error.code.rawValue
    case let error as NSError: return systemCode(of: error)
    default: return nil
    }
  }
}
