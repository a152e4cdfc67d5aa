#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One row file, mapped for reading.
@safe
final class RowFile: Sendable {
  let map: MappedFile

  /// Maps a file after checking its header and length.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - header: What its header has to be.
  ///   - rows: How many of its rows the catalogue names.
  /// - Throws: `IndexError`, naming the file.
  init(path: String, header: RowFileHeader, rows: Int) throws(IndexError) {
    try header.check(try RowFile.firstBytes(of: path), name: path)
    let layout = header.layout
    map = try MappedFile(path: path, capacity: layout.fileBytes, needed: layout.fileBytes(holding: rows))
  }

  /// Where row 0 lies.
  func rows(_ layout: RowLayout) -> UnsafeRawPointer {
    // SAFETY: the mapping is a whole file long.
    unsafe map.base + layout.rowsOffset
  }

  /// Where the norm of row 0 lies.
  var norms: UnsafePointer<Float> {
    // SAFETY: the norms follow the header page, inside the mapping; they are read as the floats they were written as.
    unsafe (map.base + RowLayout.headerBytes).assumingMemoryBound(to: Float.self)
  }

  /// Reads a header without mapping: a mapping of a file that is too short would be a bus error.
  private static func firstBytes(of path: String) throws(IndexError) -> [UInt8] {
    // SAFETY: the system reads the bridged, terminated path during the call.
    let descriptor = try SystemCall.retrying("open", path) { unsafe open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    let bytes = try firstBytes(of: descriptor, path: path)
    guard bytes.count == RowFileHeader.byteCount else {
      throw .damaged(file: path, reason: "has \(bytes.count) bytes, too few for its header")
    }
    return bytes
  }

  /// The bytes of an open file where its header belongs; fewer where the file is shorter.
  static func firstBytes(of descriptor: Int32, path: String) throws(IndexError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: RowFileHeader.byteCount)
    var read = 0
    while read < bytes.count {
      // SAFETY: reads at most as many bytes as the array has left.
      let count = try SystemCall.retrying("read", path) {
        unsafe bytes.withUnsafeMutableBytes { bytes in
          unsafe pread(descriptor, bytes.baseAddress.map { unsafe $0 + read }, bytes.count - read, off_t(read))
        }
      }
      guard count > 0 else { break }
      read += count
    }
    return Array(bytes.prefix(read))
  }
}
