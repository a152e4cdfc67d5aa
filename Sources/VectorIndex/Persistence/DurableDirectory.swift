#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Changes of a directory that survive a crash as a whole or not at all.
public enum DurableDirectory {
  /// Makes a directory, which must not exist yet.
  ///
  /// - Throws: `IndexError`.
  public static func make(_ path: String) throws(IndexError) {
    // SAFETY: the system reads the bridged, terminated path during the call.
    _ = try SystemCall.retrying("create", path) { unsafe mkdir(path, 0o755) }
  }

  /// Makes the names in a directory durable.
  ///
  /// - Throws: `IndexError`.
  public static func sync(_ path: String) throws(IndexError) {
    let descriptor = try SystemCall.retrying("open", path) {
      // SAFETY: the system reads the bridged, terminated path during the call.
      unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    defer { close(descriptor) }
    _ = try SystemCall.retrying("sync", path) { fsync(descriptor) }
  }

  /// Gives a synced file or directory another name in the same directory, replacing a file that has it, durably.
  ///
  /// - Throws: `IndexError`.
  public static func rename(_ name: String, to newName: String, in directory: String) throws(IndexError) {
    _ = try SystemCall.retrying("rename", "\(directory)/\(newName)") {
      // SAFETY: the system reads the bridged, terminated paths during the call.
      unsafe renameat(AT_FDCWD, "\(directory)/\(name)", AT_FDCWD, "\(directory)/\(newName)")
    }
    try sync(directory)
  }

  /// Replaces a small file: write beside it, sync, rename, sync the directory.
  ///
  /// - Parameters:
  ///   - name: The file's name.
  ///   - directory: Where it lies.
  ///   - text: What it shall hold.
  /// - Throws: `IndexError`; the file then holds what it held, or the new text.
  public static func replace(_ name: String, in directory: String, with text: String) throws(IndexError) {
    let draft = "\(name).new"
    // One that an earlier process left behind; only one process at a time gets here.
    // SAFETY: the system reads the bridged, terminated path during the call.
    _ = unsafe unlink("\(directory)/\(draft)")
    let file = try OutputFile(creating: "\(directory)/\(draft)")
    try file.write(Array(text.utf8).span, at: 0)
    try file.sync()
    try rename(draft, to: name, in: directory)
  }
}
