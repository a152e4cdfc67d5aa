import Foundation

extension FileDescriptor {
  /// Whether the open file is still the one that its path names: it may have been removed, and another made in its place.
  ///
  /// - Parameter path: Where it was opened.
  /// - Returns: Whether both are one file.
  borrowing func isStill(at path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    // SAFETY: both records are ours and live through the calls; the bridged C string lives until `lstat` returns.
    guard unsafe fstat(number, &opened) == 0, unsafe lstat(path, &named) == 0 else { return false }
    return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
  }

  /// Whether a path is a symbolic link.
  static func isLink(_ path: String) -> Bool {
    var record = stat()
    // SAFETY: the record is ours, and the bridged C string lives until `lstat` returns, which keeps neither.
    return unsafe lstat(path, &record) == 0 && record.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether a path leads to a directory.
  ///
  /// - Throws: The system's refusal: `missing`, or `permissionDenied` where a directory on the way must not be searched.
  static func isDirectory(_ path: String) throws(CatalogueError) -> Bool {
    var record = stat()
    // SAFETY: the record is ours, and the bridged C string lives until `stat` returns, which keeps neither.
    guard unsafe stat(path, &record) == 0 else { throw CatalogueError.system(errno, file: path) }
    return record.st_mode & S_IFMT == S_IFDIR
  }
}

extension CatalogueError {
  /// Says why `file` could not be opened: a link is never followed where a file of a catalogue is made.
  static func opening(_ code: Int32, file: String) -> CatalogueError {
    guard code == ELOOP else { return system(code, file: file) }
    return .permissionDenied(
      file: file, reason: "it is a symbolic link, and files that are written are not opened through links")
  }
}

/// Gives a file another name in one step.
func renameFile(_ path: String, to newPath: String) throws(CatalogueError) {
  // SAFETY: the bridged C strings live until `rename` returns, which keeps no pointer.
  if unsafe rename(path, newPath) != 0 { throw CatalogueError.system(errno, file: newPath) }
}
