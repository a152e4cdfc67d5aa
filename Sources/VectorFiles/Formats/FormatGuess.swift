/// What a file looks like that is not what its name says.
enum FormatGuess {
  /// A format that can be told from the file's length and its first numbers.
  private struct Look {
    let name: String
    let advice: String
    let fits: Bool
  }

  /// Adds to an error what the file looks like, and what to do about it.
  ///
  /// - Parameters:
  ///   - error: Why the file is not what its name says.
  ///   - file: The file.
  ///   - ending: What its name ends in.
  /// - Returns: The error, with what the file looks like where that can be told.
  static func explaining(_ error: FileError, _ file: borrowing InputFile, ending: String) -> FileError {
    guard error.kind == .malformed, let guess = try? guess(file), guess.name != ending else { return error }
    return FileError(
      .malformed, file: error.file, offset: error.offset,
      reason: "\(error.reason); it looks like \(guess.name): \(guess.advice)")
  }

  private static func guess(_ file: borrowing InputFile) throws(FileError) -> Look? {
    let start = try file.prefix(16)
    let size = file.byteCount
    if start.starts(with: [0x93] + Array("NUMPY".utf8)) {
      return Look(name: ".npy", advice: "rename it to end in .npy", fits: true)
    }
    guard start.count == 16 else { return nil }
    let words = (0..<4).map { Int(start.span.littleEndianUInt32(at: 4 * $0)) }
    var prefixed: [Look] = []
    for (name, bytes) in [(".fvecs", 4), (".bvecs", 1)] {
      let fits = try isLengthPrefixed(file, dimension: words[0], bytes: bytes)
      prefixed.append(Look(name: name, advice: "rename it to end in \(name)", fits: fits))
    }
    let packed = [
      Look(name: ".fbin", advice: "rename it to end in .fbin", fits: isPacked(words[0], words[1], 4, 8, size)),
      Look(
        name: ".u8bin", advice: "bytes behind a packed header are not read; save the vectors as .npy or .bvecs",
        fits: isPacked(words[0], words[1], 1, 8, size)),
    ]
    let wide = [(4, "float32"), (1, "bytes")].map { bytes, numbers in
      Look(
        name: "a packed file with a header of 64 bits",
        advice:
          "its \(words[0]) rows of \(words[2]) numbers (\(numbers)) are read only behind a header of 32 bits; save them as .npy",
        fits: words[1] == 0 && words[3] == 0 && isPacked(words[0], words[2], bytes, 16, size))
    }
    return (packed + wide + prefixed).first(where: \.fits)
  }

  /// Whether a header of rows and dimension agrees with the file's length.
  private static func isPacked(_ rows: Int, _ dimension: Int, _ bytes: Int, _ header: Int, _ size: Int) -> Bool {
    guard rows > 0, (1...RowLayout.maximumDimension).contains(dimension) else { return false }
    let (count, isTooMuch) = rows.multipliedReportingOverflow(by: dimension * bytes)
    return !isTooMuch && count == size - header
  }

  /// Whether rows of one length follow one another.
  private static func isLengthPrefixed(
    _ file: borrowing InputFile, dimension: Int, bytes: Int
  ) throws(FileError) -> Bool {
    guard (1...RowLayout.maximumDimension).contains(dimension) else { return false }
    let row = 4 + dimension * bytes
    guard file.byteCount.isMultiple(of: row) else { return false }
    return try LengthPrefixedRows.lengthOfSecondRow(file, rowByteCount: row).map { $0 == dimension } ?? true
  }
}
