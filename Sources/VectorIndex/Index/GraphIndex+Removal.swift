extension GraphIndex {
  /// Whether the code of a removed row says anything about the row that once was there.
  ///
  /// A row whose bytes were taken out leaves zeros, or nothing. A code that was made after that tells no more than the zeros do,
  /// and so equals the code of what is in the row's place now.
  ///
  /// - Parameters:
  ///   - ordinal: Of a row whose bytes are no longer in their place.
  ///   - rows: The rows as they are now; nil where they cannot be read.
  /// - Returns: True also where nobody can tell.
  /// - Complexity: O(*d* log *d*), or O(*d* · *m*) for a projection to *m* directions.
  package func holdsCode(ofRemoved ordinal: Ordinal, replacedIn rows: RowStore?) -> Bool {
    guard ordinal.index < count else { return false }
    let width = codes.quantizer.rowBytes
    let stored = (0..<width).map { codes.codes[ordinal.index * width + $0] }
    guard stored.contains(where: { $0 != 0 }) else { return false }
    guard let rows, ordinal.index < rows.count else { return true }
    let now = CodeStore(
      coding: rows, ordinals: [ordinal.rawValue], by: codes.quantizer, workers: WorkerPool(width: 1))
    return now.codes.numbers != stored
  }
}
