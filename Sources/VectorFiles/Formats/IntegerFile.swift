/// Opens files of whole numbers.
public enum IntegerFile {
  /// Opens labels: one whole number or truth value a row, in a one-dimensional `.npy` array.
  ///
  /// - Throws: `FileError` with file, byte and reason.
  public static func openLabels(_ path: String) throws(FileError) -> IntegerReader {
    guard path.lowercased().hasSuffix(".npy") else {
      throw FileError(.unsupported, file: path, reason: "labels are read from files ending in .npy")
    }
    let file = try InputFile(path)
    let layout = try NpyHeader.integers(in: file, rank: 1)
    return IntegerReader(file, layout)
  }

  /// Opens a table: a two-dimensional `.npy` array of whole numbers, `.ivecs` or `.ibin` (both int32).
  ///
  /// - Throws: `FileError` with file, byte and reason.
  public static func openTable(_ path: String) throws(FileError) -> IntegerReader {
    let name = path.lowercased()
    guard [".npy", ".ivecs", ".ibin"].contains(where: name.hasSuffix) else {
      let reason = "tables of whole numbers are read from files ending in .npy, .ivecs, .ibin"
      throw FileError(.unsupported, file: path, reason: reason)
    }
    let file = try InputFile(path)
    let layout: RowLayout
    if name.hasSuffix(".npy") {
      layout = try NpyHeader.integers(in: file, rank: 2)
    } else if name.hasSuffix(".ivecs") {
      layout = try LengthPrefixedRows.layout(of: file, scalar: .int32)
    } else {
      layout = try PackedHeader.layout(of: file, scalar: .int32)
    }
    return IntegerReader(file, layout)
  }
}
