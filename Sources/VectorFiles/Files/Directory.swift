/// Makes folders.
public enum Directory {
  /// Makes sure that a folder exists, with the folders above it.
  ///
  /// - Parameter path: The folder.
  /// - Throws: `FileError` with kind `uncreatable` or `forbidden` if one cannot be made, or a file is in the way.
  public static func create(_ path: String) throws(FileError) {
    guard !SystemCalls.isDirectory(path) else { return }
    if let slash = path.dropLast().lastIndex(of: "/"), slash > path.startIndex {
      try create(String(path[..<slash]))
    }
    do {
      try SystemCalls.makeDirectory(path)
    } catch {
      throw FileError(
        error.isForbidden ? .forbidden : .uncreatable, file: path, reason: "the folder cannot be made: \(error.message)"
      )
    }
  }
}
