extension CodeStore {
  /// The length of a row, in the form that is coded.
  func length(of row: UInt32) -> Float {
    guard let terms else { return quantizer.commonNorm }
    let term = terms[Int(row)]
    return quantizer.form.metric == .euclidean ? term.offset.squareRoot() : term.scale
  }

  /// The same codes and those of further rows.
  ///
  /// Where all rows so far are equally long and one of the new ones is not, lengths are kept beside the codes from now on; the codes
  /// themselves stay.
  ///
  /// - Parameters:
  ///   - newCount: How many rows have a code then.
  ///   - rows: The rows, old and new.
  ///   - workers: Who does it.
  /// - Returns: A store of its own.
  /// - Complexity: O(*n*) to copy, and what coding the new rows takes.
  func extended(to newCount: Int, with rows: RowStore, workers: WorkerPool) -> CodeStore {
    precondition(newCount >= count && newCount <= rows.count)
    let quantizer = fits(rows, from: count, to: newCount) ? self.quantizer : self.quantizer.withTerms()
    // SAFETY: the block has so many bytes.
    let codes = unsafe AlignedBuffer<UInt8>(
      copying: self.codes.base, self.codes.count, paddedWith: 0, to: newCount * quantizer.rowBytes)
    let terms = AlignedBuffer<RowTerm>(zeroed: quantizer.hasTerms ? newCount : 0)
    // SAFETY: each task writes the codes and terms of its own rows.
    nonisolated(unsafe) let codeBase = unsafe codes.base
    nonisolated(unsafe) let termBase = unsafe quantizer.hasTerms ? terms.base : nil
    if let termBase = unsafe termBase { unsafe copyTerms(to: termBase, of: rows, for: quantizer) }
    let block = 64
    workers.run(tasks: (newCount - count + block - 1) / block) { task, _ in
      let start = count + task * block
      let ordinals = (start..<min(newCount, start + block)).map { UInt32($0) }
      unsafe Self.code(
        ordinals.indices, ordinals, of: rows, by: quantizer, codes: codeBase + start * quantizer.rowBytes,
        terms: termBase.map { unsafe $0 + start })
    }
    return CodeStore(
      quantizer: quantizer, codes: MemoryBlock(codes), terms: quantizer.hasTerms ? MemoryBlock(terms) : nil,
      count: newCount)
  }

  private func copyTerms(to target: UnsafeMutablePointer<RowTerm>, of rows: RowStore, for quantizer: Quantizer) {
    // SAFETY: the caller gives room for more than `count` terms.
    if let terms {
      unsafe target.update(from: terms.base, count: count)
    } else {
      let lengths = quantizer.form.lengths(0..<count, of: rows)
      for row in 0..<count { unsafe target[row] = quantizer.term(norm: lengths[row]) }
    }
  }

  /// Whether some rows are as long as this store takes rows to be.
  private func fits(_ rows: RowStore, from start: Int, to end: Int) -> Bool {
    guard !quantizer.hasTerms, quantizer.form.metric != .cosine else { return true }
    return quantizer.form.lengths(start..<end, of: rows).allSatisfy {
      abs($0 - quantizer.commonNorm) <= 0.01 * quantizer.commonNorm
    }
  }
}

extension Quantizer {
  /// The quantizer that makes the same codes, but takes rows to be of different lengths.
  func withTerms() -> Quantizer {
    guard !hasTerms else { return self }
    return Quantizer(
      format: format, form: form, step: step / commonNorm, hasTerms: true, commonNorm: commonNorm, seed: seed,
      projection: projection)
  }
}

extension VectorForm {
  /// The lengths of rows in this form.
  fileprivate func lengths(_ ordinals: Range<Int>, of rows: RowStore) -> [Float] {
    let vector = AlignedBuffer<Float>(zeroed: stride)
    // SAFETY: the buffer has room for one row.
    return ordinals.map { unsafe load(UInt32($0), from: rows, into: vector.base) }
  }
}
