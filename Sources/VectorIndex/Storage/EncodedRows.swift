import VectorKernels

/// Rows in the form in which they will lie in a file, with their norms and checksums: what an append takes.
///
/// All checks of a vector are made here, so that what is refused never reaches a file.
public struct EncodedRows: Sendable {
  /// The shape of the rows.
  public let layout: RowLayout
  /// Whether the zero vector is refused.
  public let metric: Metric
  /// The CRC-32C of every row's stored bytes, without the padding.
  public private(set) var checksums: [UInt32] = []
  private(set) var bytes: [UInt8] = []
  private(set) var norms: [Float] = []

  /// No rows yet.
  ///
  /// - Parameters:
  ///   - layout: The shape of the rows.
  ///   - metric: What they will be compared by.
  public init(layout: RowLayout, metric: Metric) {
    self.layout = layout
    self.metric = metric
  }

  /// How many rows there are.
  public var count: Int { norms.count }

  /// Forgets the rows and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    norms.removeAll(keepingCapacity: true)
    checksums.removeAll(keepingCapacity: true)
  }

  /// A row as it can be written again: its bytes in the file, padding included, then its norm.
  public func image(of row: Int) -> [UInt8] {
    let norm = norms[row].bitPattern
    return bytes[row * layout.stride..<(row + 1) * layout.stride]
      + stride(from: 0, to: 32, by: 8).map { UInt8(truncatingIfNeeded: norm >> $0) }
  }

  /// Takes the last row out again.
  public mutating func removeLast() {
    precondition(count > 0)
    bytes.removeLast(layout.stride)
    norms.removeLast()
    checksums.removeLast()
  }

  /// Adds a row as it is stored.
  public mutating func append(_ ordinal: Ordinal, of store: RowStore) {
    precondition(store.layout == layout)
    let start = bytes.count
    store.withBytes(of: ordinal) { stored in
      checksums.append(Checksum.of(stored))
      for index in stored.indices { bytes.append(stored[index]) }
    }
    bytes.append(contentsOf: repeatElement(0, count: start + layout.stride - bytes.count))
    norms.append(store.norm(of: ordinal))
  }

  /// Adds a row that others hold.
  public mutating func append(_ row: Int, of others: EncodedRows) {
    precondition(row >= 0 && row < others.count && others.layout == layout)
    bytes += others.bytes[row * layout.stride..<(row + 1) * layout.stride]
    norms.append(others.norms[row])
    checksums.append(others.checksums[row])
  }

  /// Whether a row has the same stored bytes as one that is in a store already.
  ///
  /// - Complexity: O(*d*).
  public func row(_ row: Int, equals ordinal: Ordinal, in store: RowStore) -> Bool {
    precondition(row >= 0 && row < count && store.layout == layout)
    let start = row * layout.stride
    return store.withBytes(of: ordinal) { stored in
      stored.indices.allSatisfy { bytes[start + $0] == stored[$0] }
    }
  }

  /// Adds one vector, rounded to the stored type.
  ///
  /// Under cosine it is multiplied by a power of two first where that keeps it from being changed; see `ExactSearch`.
  ///
  /// - Parameter vector: As many numbers as the layout has.
  /// - Throws: `RowRefusal`; the rows are then as they were.
  /// - Complexity: O(*d*).
  public mutating func append(_ vector: Span<Float>) throws(RowRefusal) {
    guard vector.count == layout.dimension else {
      throw .wrongDimension(found: vector.count, expected: layout.dimension)
    }
    if metric == .cosine, let scaled = StorageRange(layout.elementType).scaled(vector) {
      try appendInRange(scaled.span)
    } else {
      try appendInRange(vector)
    }
  }

  private mutating func appendInRange(_ vector: Span<Float>) throws(RowRefusal) {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: layout.stride))
    do {
      let squared = try round(vector, into: start)
      unsafe bytes.withUnsafeBytes { all in
        // SAFETY: `stride` bytes were appended at `start`, more than a row has.
        let row = unsafe UnsafeRawBufferPointer(rebasing: all[start..<start + layout.rowBytes])
        checksums.append(unsafe Checksum.of(Span(_unsafeBytes: row)))
      }
      norms.append(Float(squared.squareRoot()))
    } catch {
      bytes.removeLast(layout.stride)
      throw error
    }
  }

  /// Writes the rounded numbers and answers the squared norm of what was written.
  private mutating func round(_ vector: Span<Float>, into start: Int) throws(RowRefusal) -> Double {
    let kernels = DistanceKernels.active
    let (type, dimension) = (layout.elementType, layout.dimension)
    let squared = unsafe bytes.withUnsafeMutableBytes { all -> Double in
      unsafe vector.withUnsafeBufferPointer { source -> Double in
        guard let base = all.baseAddress, let numbers = source.baseAddress else { return 0 }
        // SAFETY: `stride` bytes were appended at `start`; the row fits into them, and stays aligned because the array's storage is
        // 16-byte aligned and the stride a multiple of 64.
        let row = unsafe base + start
        unsafe kernels.narrow(to: type)(numbers, row, dimension)
        return unsafe kernels.squaredNorm(over: type)(row, dimension)
      }
    }
    guard squared.isFinite, squared.squareRoot() <= metric.greatestLength else { throw reason(in: vector) }
    if metric == .cosine {
      if squared == 0 { throw .zeroNorm }
    } else if StorageRange(type).losesTooMuch(of: vector, squared: squared) {
      throw .tooSmall
    }
    return squared
  }

  /// Which number made a row's norm infinite or NaN.
  private func reason(in vector: Span<Float>) -> RowRefusal {
    for index in vector.indices where !vector[index].isFinite { return .notFinite(index: index) }
    let limit: Float = layout.elementType == .float16 ? 65_504 : .greatestFiniteMagnitude
    for index in vector.indices where abs(vector[index]) > limit { return .tooLarge(index: index) }
    return .tooLarge(index: nil)
  }
}
