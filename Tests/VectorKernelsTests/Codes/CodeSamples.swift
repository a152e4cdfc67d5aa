import VectorKernels

/// Rows of codes and a query at the alignment that kernels are promised, and their values as the definition has them.
struct CodeSamples {
  let bits: CodeBits
  let dimension: Int
  let query: [Int8]
  let codes: [[UInt8]]

  var rowBytes: Int { bits.rowBytes(dimension: dimension) }

  /// Random codes and query, or the extremes of both.
  init(_ bits: CodeBits, dimension: Int, count: Int, extreme: Int8? = nil, _ random: inout SeededGenerator) {
    self.bits = bits
    self.dimension = dimension
    let largest = UInt8(truncatingIfNeeded: (1 << Int(bits.rawValue)) - 1)
    query = (0..<dimension).map { _ in extreme ?? Int8.random(in: -127...127, using: &random) }
    codes = (0..<count).map { _ in
      (0..<dimension).map { _ in extreme == nil ? UInt8.random(in: 0...largest, using: &random) : largest }
    }
  }

  /// The sums of query × code.
  var values: [Int32] {
    codes.map { row in zip(query, row).reduce(0) { $0 + Int32($1.0) * Int32($1.1) } }
  }

  /// The bytes of one row, as the C header's THE CODE has them.
  func packed(_ row: [UInt8]) -> [UInt8] {
    guard bits == .three else { return Self.plane(row, bits: Int(bits.rawValue)) }
    return Self.plane(row.map { $0 & 3 }, bits: 2) + Self.plane(row.map { $0 >> 2 }, bits: 1)
  }

  private static func plane(_ row: [UInt8], bits: Int) -> [UInt8] {
    let bytes = (row.count * bits + 511) / 512 * 64
    var plane = [UInt8](repeating: 0, count: bytes)
    for (j, code) in row.enumerated() { plane[j % bytes] |= code << UInt8(j / bytes * bits) }
    return plane
  }

  /// Calls `body` with the query, the first row and the stride, which is one line more than a row; the gap is not zero.
  func withMemory(_ body: (UnsafePointer<Int8>, UnsafePointer<UInt8>, Int) -> Void) {
    let stride = rowBytes + 64, room = bits.queryBytes(dimension: dimension)
    let padded = query + [Int8](repeating: 0, count: room - dimension)
    let gap = [UInt8](repeating: 0xFF, count: 64)
    let bytes = padded.map(UInt8.init(bitPattern:)) + gap + codes.flatMap { packed($0) + gap }
    withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 64) { memory in
      memory.copyBytes(from: bytes)
      let start = UnsafeRawBufferPointer(memory).start
      let first = start + room + 64
      body(
        start.assumingMemoryBound(to: Int8.self), first.assumingMemoryBound(to: UInt8.self), stride)
    }
  }

  /// The values of the first `count` rows, by the kernel for rows; what lies behind them must be left alone.
  func run(_ kernels: DistanceKernels, count: Int) -> [Int32] {
    var out = [Int32](repeating: .min, count: count + 4)
    withMemory { query, base, stride in kernels.codeRows(bits)(query, base, stride, count, dimension, &out) }
    return out
  }

  /// The values of the first `count` rows and those that fill up their last block, by the kernel for blocks.
  func inBlocks(_ kernels: DistanceKernels, count: Int) -> [Int32] {
    let (blocks, room) = ((count + 15) / 16, bits.queryBytes(dimension: dimension))
    var out = [Int32](repeating: .min, count: 16 * blocks + 4)
    let rows = codes.map { packed($0) }
    var bytes = (query + [Int8](repeating: 0, count: room - dimension)).map(UInt8.init(bitPattern:))
    for place in 0..<blocks * rowBytes / 4 * 16 {
      let (block, line, lane) = (place / (rowBytes / 4 * 16), place / 16 % (rowBytes / 4), place % 16)
      let row = 16 * block + lane
      bytes += row < rows.count ? rows[row][4 * line..<4 * line + 4] : [0, 0, 0, 0]
    }
    withUnsafeTemporaryAllocation(byteCount: max(bytes.count, 1), alignment: 64) { memory in
      memory.copyBytes(from: bytes)
      let start = UnsafeRawBufferPointer(memory).start
      kernels.codeBlocks(bits)(
        start.assumingMemoryBound(to: Int8.self), (start + room).assumingMemoryBound(to: UInt8.self), blocks, dimension,
        &out)
    }
    return out
  }

  /// The values of the rows of these ordinals, by the kernel for gathered rows; what lies behind them must be left alone.
  func gathered(_ kernels: DistanceKernels, _ ordinals: [UInt32]) -> [Int32] {
    var out = [Int32](repeating: .min, count: ordinals.count + 4)
    withMemory { query, base, stride in
      kernels.codeGather(bits)(query, base, stride, ordinals, ordinals.count, dimension, &out)
    }
    return out
  }
}

/// What the kernels must not touch behind `values`.
func untouchedAfter(_ values: some Sequence<Int32>) -> [Int32] { values + [Int32](repeating: .min, count: 4) }
