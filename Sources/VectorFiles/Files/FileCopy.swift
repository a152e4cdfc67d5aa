/// Copies files of which only the beginning is settled.
public enum FileCopy {
  private static let bufferSize = 1 << 18

  /// Copies the first bytes of a file to a new one, and waits until the disk has them.
  ///
  /// - Parameters:
  ///   - source: The file to read; it may grow meanwhile.
  ///   - target: The file to create or replace.
  ///   - byteCount: How many bytes.
  ///   - progress: Is told how many bytes were copied since it was told last.
  /// - Throws: `FileError`, also where the source is shorter.
  public static func copy(
    _ source: String, to target: String, byteCount: Int, progress: (Int) -> Void = { _ in }
  ) throws(FileError) {
    let input = try InputFile(source)
    guard input.byteCount >= byteCount else {
      throw input.malformed(at: input.byteCount, "the file ends here, where \(byteCount) bytes were expected")
    }
    var output = try OutputFile(target)
    var buffer = [UInt8](repeating: 0, count: min(bufferSize, byteCount))
    var done = 0
    while done < byteCount {
      let count = min(buffer.count, byteCount - done)
      try input.fill(&buffer, count: count, at: done)
      try output.write(buffer[..<count])
      done += count
      progress(count)
    }
    try output.finish(isDurable: true)
  }
}
