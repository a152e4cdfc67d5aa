import VectorKernels

/// All rows in one byte a number, for the time of a build: exact enough for deciding which edges to keep, and faster to read and to multiply
/// than the rows themselves.
///
/// Every row has a step of its own, so that rows of any length are equally precise.
@safe
final class ByteRows: @unchecked Sendable {
  let dimension: Int
  /// Bytes from one row to the next.
  let stride: Int
  let count: Int
  private let bytes: AlignedBuffer<UInt8>
  private let facts: AlignedBuffer<Facts>
  private let kernel: CodeGatherKernel
  private let runKernel: CodeRowsKernel
  private let metric: Metric

  /// What a distance needs beside the bytes.
  struct Facts: BitwiseCopyable {
    /// What one unit is worth.
    var step: Float
    /// 128 times the sum of the signed bytes, in units.
    var offset: Int32
    /// The squared length of the row in this form.
    var squaredNorm: Float
    /// One coordinate more; see ``NormLift``.
    var lift: Float
  }

  /// The bytes that rows take for a build.
  static func bytes(rows: Int, dimension: Int) -> Int {
    rows * ((dimension + 63) & ~63 + MemoryLayout<Facts>.stride)
  }

  /// Reads the first `count` rows of a store.
  init(_ rows: RowStore, count: Int, form: VectorForm, workers: WorkerPool) {
    dimension = form.dimension
    stride = form.stride
    self.count = count
    bytes = AlignedBuffer(zeroed: count * form.stride)
    facts = AlignedBuffer(zeroed: count)
    // SAFETY: a kernel is only handed out here; `vector` has `stride` floats, and each task writes rows of its own.
    unsafe kernel = DistanceKernels.active.codeGather(.eight)
    unsafe runKernel = DistanceKernels.active.codeRows(.eight)
    metric = form.metric
    let lift = NormLift(of: rows, count: count, metric: form.metric)
    let block = 1024
    workers.run(tasks: (count + block - 1) / block) { task, _ in
      let vector = AlignedBuffer<Float>(zeroed: form.stride)
      for ordinal in task * block..<min(count, (task + 1) * block) {
        let norm = unsafe form.load(UInt32(ordinal), from: rows, into: vector.base)
        unsafe write(vector.base, to: ordinal, lift: lift.coordinate(norm: norm))
      }
    }
  }

  private func write(_ vector: UnsafePointer<Float>, to ordinal: Int, lift: Float) {
    // SAFETY: each ordinal is below `count` and written by one task alone.
    let row = unsafe bytes.base + ordinal * stride
    let signed = unsafe UnsafeMutableRawPointer(row).assumingMemoryBound(to: Int8.self)
    let query = unsafe ByteQuery(vector, count: dimension, into: signed)
    var squared = 0
    for index in 0..<dimension { squared += unsafe Int(signed[index]) * Int(signed[index]) }
    let norm = unsafe Float(squared) * query.scale * query.scale
    unsafe facts.base[ordinal] = Facts(step: query.scale, offset: 128 * query.sum, squaredNorm: norm, lift: lift)
    for index in 0..<dimension { unsafe row[index] ^= 0x80 }
  }

  /// Squared distances of rows to one of them.
  ///
  /// - Parameters:
  ///   - center: The row that distances are from.
  ///   - ordinals: Rows of this object.
  ///   - count: How many they are.
  ///   - scratch: Where the row's signed bytes go.
  ///   - out: Gets `count` squared distances.
  @inline(__always)
  func squaredDistances(
    from center: UInt32, to ordinals: UnsafePointer<UInt32>, count: Int, scratch: borrowing ByteScratch,
    into out: UnsafeMutablePointer<Float>
  ) {
    // SAFETY: the caller gives rows of this object, at most as many as the scratch holds, and room for their distances.
    let query = unsafe scratch.query.base
    let source = unsafe UnsafeRawPointer(bytes.base + Int(center) * stride).assumingMemoryBound(to: UInt64.self)
    let target = unsafe UnsafeMutableRawPointer(query).assumingMemoryBound(to: UInt64.self)
    for word in 0..<stride / 8 { unsafe target[word] = source[word] ^ 0x8080_8080_8080_8080 }
    // The padding is 0, not 128: make it count for nothing.
    for index in dimension..<stride { unsafe query[index] = 0 }
    let dots = unsafe scratch.dots.base
    unsafe kernel(query, bytes.base, stride, ordinals, count, dimension, dots)
    let own = unsafe facts.base[Int(center)]
    for index in 0..<count {
      let other = unsafe facts.base[Int(ordinals[index])]
      let product = unsafe own.step * other.step * Float(dots[index] - own.offset)
      let lift = own.lift - other.lift
      unsafe out[index] = max(own.squaredNorm + other.squaredNorm - 2 * product, 0) + lift * lift
    }
  }
}

extension ByteRows {
  /// Ranks of a run of rows for a query: under inner product the product with its sign turned, else the squared distance but for what all rows
  /// have in common, halved.
  ///
  /// - Parameters:
  ///   - run: Rows of this object.
  ///   - query: Its signed bytes, 0 beyond the numbers, in whole blocks of 512.
  ///   - scale: What one unit of the query is worth.
  ///   - offset: 128 times the sum of its bytes.
  ///   - dots: Room for a number of each row.
  ///   - ranks: Gets one rank a row.
  @inline(__always)
  func ranks(
    of run: Range<Int>, towards query: UnsafePointer<Int8>, scale: Float, offset: Int32,
    dots: UnsafeMutablePointer<Int32>, into ranks: UnsafeMutablePointer<Float>
  ) {
    // SAFETY: the caller keeps the run within the rows, and gives room for a number of each.
    unsafe runKernel(query, bytes.base + run.lowerBound * stride, stride, run.count, dimension, dots)
    let facts = unsafe facts.base + run.lowerBound
    let normFactor: Float = metric == .innerProduct ? 0 : 0.5
    for index in 0..<run.count {
      let fact = unsafe facts[index]
      unsafe ranks[index] = normFactor * fact.squaredNorm - fact.step * scale * Float(dots[index] - offset)
    }
  }
}

/// The memory for distances between rows.
@safe
struct ByteScratch: ~Copyable {
  let query: AlignedBuffer<Int8>
  let dots: AlignedBuffer<Int32>
  /// The row that distances are from, where rows are read as they are stored.
  let vector: AlignedBuffer<Float>
  /// Where the other rows lie.
  let addresses: AlignedBuffer<UnsafeRawPointer?>

  init(stride: Int, batch: Int) {
    query = AlignedBuffer(zeroed: Self.queryBytes(stride: stride))
    dots = AlignedBuffer(zeroed: batch)
    vector = AlignedBuffer(zeroed: stride)
    // SAFETY: nothing is pointed to yet.
    unsafe addresses = AlignedBuffer(zeroed: batch)
  }

  /// The bytes of a query: the kernels read whole blocks of 512.
  static func queryBytes(stride: Int) -> Int { (stride + 511) & ~511 }
}
