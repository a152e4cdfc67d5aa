import VectorKernels

/// A small seeded generator (SplitMix64), so that every run sees the same numbers.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func floats(_ count: Int, in range: ClosedRange<Float> = -2...2) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }
}

/// Rows of stored numbers at an odd stride from an odd base, so that nothing is aligned.
struct StoredRows {
  let type: ElementType
  let dimension: Int
  let values: [[Float]]
  private let bytes: [UInt8]

  private var stride: Int { dimension * type.bytes + 3 }

  /// Stores `values`; in half precision they become the nearest halves.
  init(_ values: [[Float]], as type: ElementType) {
    self.type = type
    dimension = values.first?.count ?? 0
    self.values = type == .float16 ? values.map { $0.map { Float(Float16($0)) } } : values
    var bytes: [UInt8] = [0xFF]
    for row in self.values {
      switch type {
      case .float16: row.map { Float16($0) }.withUnsafeBytes { bytes.append(contentsOf: $0) }
      case .float32: row.withUnsafeBytes { bytes.append(contentsOf: $0) }
      }
      bytes.append(contentsOf: [0xFF, 0xFF, 0xFF])
    }
    self.bytes = bytes
  }

  /// The bits of all values, by the kernel for one row at a time.
  func pairs(_ kernels: DistanceKernels, _ measure: Measure, _ query: [Float]) -> [UInt32] {
    let kernel = kernels.pair(measure, over: type)
    return bytes.withUnsafeBytes { bytes in
      values.indices.map { kernel(query, bytes.start + 1 + $0 * stride, dimension).bitPattern }
    }
  }

  /// The bits of all values, by the kernel for a run of rows.
  func run(_ kernels: DistanceKernels, _ measure: Measure, _ query: [Float]) -> [UInt32] {
    var out = [Float](repeating: .nan, count: values.count)
    bytes.withUnsafeBytes { bytes in
      kernels.rows(measure, over: type)(query, bytes.start + 1, stride, values.count, dimension, &out)
    }
    return out.map(\.bitPattern)
  }

  /// The bits of all values, by the kernel for gathered rows, which it is given last to first.
  func gathered(_ kernels: DistanceKernels, _ measure: Measure, _ query: [Float]) -> [UInt32] {
    var out = [Float](repeating: .nan, count: values.count)
    bytes.withUnsafeBytes { bytes in
      let rows = values.indices.reversed().map { UnsafeRawPointer?(bytes.start + 1 + $0 * stride) }
      kernels.gather(measure, over: type)(query, rows, values.count, dimension, &out)
    }
    return out.reversed().map(\.bitPattern)
  }
}

extension UnsafeRawBufferPointer {
  /// The first byte of a buffer that has one.
  var start: UnsafeRawPointer {
    guard let baseAddress else { preconditionFailure("an empty sample") }
    return baseAddress
  }
}

/// The dimensions that kernels are tried at: every remainder of a block, and those that occur in practice.
let awkwardDimensions = Array(1...67) + [128, 191, 193, 512, 768, 1000]

/// What the C header calls THE ORDER, written down a second time.
func fixedOrder(_ measure: Measure, _ query: [Float], _ row: [Float]) -> Float {
  var lanes = [Float](repeating: 0, count: 64)
  let blocks = (query.count + 63) / 64
  for index in 0..<blocks * 64 {
    let a = index < query.count ? query[index] : 0
    let b = index < row.count ? row[index] : 0
    switch measure {
    case .dot: lanes[index % 64].addProduct(a, b)
    case .squaredL2: lanes[index % 64].addProduct(a - b, a - b)
    }
  }
  var half = 32
  while half > 0 {
    for lane in 0..<half { lanes[lane] += lanes[lane + half] }
    half /= 2
  }
  return lanes[0]
}
