import VectorKernels

/// The codes of the rows, by ordinal: what a walk reads.
@safe
struct CodeStore: Sendable {
  /// How they were made.
  let quantizer: Quantizer
  /// ``Quantizer/rowBytes`` bytes a row, aligned to cache lines.
  let codes: MemoryBlock<UInt8>
  /// The numbers beside the codes; nil where all rows are equally long.
  let terms: MemoryBlock<RowTerm>?
  /// How many rows have a code.
  let count: Int

  /// Codes the first `count` rows of a store.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - count: How many of them.
  ///   - quantizer: How.
  ///   - workers: Who does it.
  /// - Complexity: O(*count* · *d* log *d*), or O(*count* · *d* · *m*) for a projection to *m* directions.
  init(coding rows: RowStore, count: Int, by quantizer: Quantizer, workers: WorkerPool) {
    self.init(coding: rows, ordinals: Array(0..<UInt32(count)), by: quantizer, workers: workers)
  }

  /// Codes some rows of a store; the code of the first of them gets number 0, and so on.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - ordinals: Which of them.
  ///   - quantizer: How.
  ///   - workers: Who does it.
  init(coding rows: RowStore, ordinals: [UInt32], by quantizer: Quantizer, workers: WorkerPool) {
    let count = ordinals.count
    let codes = AlignedBuffer<UInt8>(zeroed: count * quantizer.rowBytes)
    let terms = AlignedBuffer<RowTerm>(zeroed: quantizer.hasTerms ? count : 0)
    let block = 512
    // SAFETY: each task writes the codes and terms of its own rows.
    nonisolated(unsafe) let codeBase = unsafe codes.base
    nonisolated(unsafe) let termBase = unsafe quantizer.hasTerms ? terms.base : nil
    workers.run(tasks: (count + block - 1) / block) { task, _ in
      let range = task * block..<min(count, (task + 1) * block)
      unsafe Self.code(range, ordinals, of: rows, by: quantizer, codes: codeBase, terms: termBase)
    }
    self.quantizer = quantizer
    self.codes = MemoryBlock(codes)
    self.terms = quantizer.hasTerms ? MemoryBlock(terms) : nil
    self.count = count
  }

  /// Codes that were made before.
  init(quantizer: Quantizer, codes: MemoryBlock<UInt8>, terms: MemoryBlock<RowTerm>?, count: Int) {
    precondition(codes.count == count * quantizer.rowBytes && quantizer.hasTerms == (terms != nil))
    self.quantizer = quantizer
    self.codes = codes
    self.terms = terms
    self.count = count
  }

  /// Writes the codes and terms of some of a list of rows, each at its place in the list.
  static func code(
    _ range: Range<Int>, _ ordinals: [UInt32], of rows: RowStore, by quantizer: Quantizer,
    codes: UnsafeMutablePointer<UInt8>,
    terms: UnsafeMutablePointer<RowTerm>?
  ) {
    let form = quantizer.form
    let vectors = AlignedBuffer<Float>(zeroed: range.count * form.stride)
    let mapped = AlignedBuffer<Float>(zeroed: range.count * quantizer.codeDimension)
    // SAFETY: the buffers have room for the rows of the range; the caller gives codes and terms for every row of the store.
    for (index, row) in range.enumerated() {
      let vector = unsafe vectors.base + index * form.stride
      let norm = unsafe form.load(ordinals[row], from: rows, into: vector)
      guard let terms = unsafe terms else { continue }
      unsafe terms[row] = quantizer.term(norm: norm)
      guard norm > 0 else { continue }
      for number in 0..<form.dimension { unsafe vector[number] /= norm }
    }
    let encode = unsafe DistanceKernels.active.encode
    let result = unsafe quantizer.map(vectors.base, count: range.count, mapped: mapped.base)
    for (index, row) in range.enumerated() {
      unsafe encode(
        result.base + index * result.stride, quantizer.codeDimension, 1 / quantizer.step,
        UInt32(quantizer.format.bits.rawValue), codes + row * quantizer.rowBytes)
    }
  }
}
