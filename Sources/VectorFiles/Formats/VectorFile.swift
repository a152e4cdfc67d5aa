/// Opens files of vectors by the ending of their names.
public enum VectorFile {
  /// The endings that `open` knows.
  public static let extensions = [".npy", ".fvecs", ".bvecs", ".fbin", ".jsonl"]

  /// Opens a file of vectors and checks its header against its size.
  ///
  /// | ending | content |
  /// |---|---|
  /// | `.npy` | a NumPy array of rank 2, C order, `<f2` or `<f4` |
  /// | `.fvecs`, `.bvecs` | each row: its length as int32, then that many float32 or bytes |
  /// | `.fbin` | rows and dimension as uint32, then float32 |
  /// | `.jsonl` (`.ndjson`) | each line an object with `vector` and the fields of `ItemMetadata` |
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - dimension: The numbers that each vector must have, where the caller knows. In JSON lines it decides which lines
  ///     are refused; without it the first sound vector does.
  ///   - requiresKey: Whether a JSON line without `key` is refused.
  /// - Returns: A reader that stands before the first row.
  /// - Throws: `FileError` with file, byte and reason; also if the file's dimension is another than the caller's.
  public static func open(
    _ path: String, dimension: Int? = nil, requiresKey: Bool = false
  ) throws(FileError) -> any VectorReader {
    let name = path.lowercased()
    if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
      return try JSONLinesVectorReader(path, dimension: dimension, requiresKey: requiresKey)
    }
    guard extensions.contains(where: name.hasSuffix) else { throw unknown(path) }
    let file = try InputFile(path)
    let layout: RowLayout
    do throws(FileError) {
      layout = try Self.layout(of: file, named: name)
    } catch {
      let ending = extensions.first(where: name.hasSuffix) ?? ""
      throw FormatGuess.explaining(error, file, ending: ending)
    }
    if let dimension, dimension != layout.dimension {
      let reason = "the vectors have \(layout.dimension) numbers; \(dimension) are needed"
      throw FileError(.unsupported, file: path, reason: reason)
    }
    return BinaryVectorReader(file, layout)
  }

  private static func layout(of file: borrowing InputFile, named name: String) throws(FileError) -> RowLayout {
    if name.hasSuffix(".npy") { return try NpyHeader.vectors(in: file) }
    if name.hasSuffix(".fbin") { return try PackedHeader.layout(of: file, scalar: .float32) }
    return try LengthPrefixedRows.layout(of: file, scalar: name.hasSuffix(".bvecs") ? .uint8 : .float32)
  }

  private static func unknown(_ path: String) -> FileError {
    let known = extensions.joined(separator: ", ")
    let reason = "the ending does not say what is inside; vectors are read from files ending in \(known)"
    return FileError(.unsupported, file: path, reason: reason)
  }
}
