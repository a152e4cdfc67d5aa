import Foundation

/// A folder for files that come and go with every input, in memory where the system has such a place.
enum Scratch {
  static let directory: String = {
    let memory = "/dev/shm"
    let parent =
      FileManager.default.isWritableFile(atPath: memory) ? memory : FileManager.default.temporaryDirectory.path
    let path = "\(parent)/kagami-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: Scratch.directory) }
    return path
  }()

  /// Writes a file.
  ///
  /// - Returns: Its path.
  static func file(_ name: String, _ bytes: some Collection<UInt8>) -> String {
    let path = "\(directory)/\(name)"
    _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
    return path
  }
}
