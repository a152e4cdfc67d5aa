import VectorKernels

/// Distances between rows, as building needs them to choose edges: in the geometry of the form, squared.
///
/// ``ByteRows`` is the fast one, which reads all rows beforehand; ``StoredRows`` reads each row where it lies, for a few rows that join many.
protocol RowDistances: Sendable {
  /// Numbers that a scratch has room for.
  var stride: Int { get }

  /// Squared distances of rows to one of them.
  ///
  /// - Parameters:
  ///   - center: The row that distances are from.
  ///   - ordinals: Rows.
  ///   - count: How many they are; at most the scratch's batch.
  ///   - scratch: Made for ``stride``.
  ///   - out: Gets `count` squared distances, none negative.
  func squaredDistances(
    from center: UInt32, to ordinals: UnsafePointer<UInt32>, count: Int, scratch: borrowing ByteScratch,
    into out: UnsafeMutablePointer<Float>)
}

extension ByteRows: RowDistances {}

/// Distances between rows from the rows themselves.
@safe
struct StoredRows: RowDistances {
  private let rows: RowStore
  private let metric: Metric
  private let lift: NormLift

  /// The rows of a store.
  init(_ rows: RowStore, metric: Metric) {
    self.rows = rows
    self.metric = metric
    lift = NormLift(of: rows, count: rows.count, metric: metric)
  }

  var stride: Int { (rows.layout.dimension + 63) & ~63 }

  func squaredDistances(
    from center: UInt32, to ordinals: UnsafePointer<UInt32>, count: Int, scratch: borrowing ByteScratch,
    into out: UnsafeMutablePointer<Float>
  ) {
    let (type, dimension) = (rows.layout.elementType, rows.layout.dimension)
    let measure: Measure = metric == .euclidean ? .squaredL2 : .dot
    let kernel = unsafe DistanceKernels.active.gather(measure, over: type)
    let addresses = unsafe rows.addresses
    // SAFETY: the caller gives rows of the store, at most as many as the scratch holds, and room for their distances.
    unsafe DistanceKernels.active.widen(from: type)(addresses.row(center), 1, scratch.vector.base, dimension)
    for index in 0..<count { unsafe scratch.addresses.base[index] = addresses.row(ordinals[index]) }
    unsafe kernel(scratch.vector.base, scratch.addresses.base, count, dimension, out)
    guard metric != .euclidean else { return }
    let norm = unsafe addresses.norm(of: center)
    for index in 0..<count {
      let other = unsafe addresses.norm(of: ordinals[index])
      switch metric {
      case .cosine: unsafe out[index] = max(2 - 2 * out[index] / (norm * other), 0)
      case .innerProduct:
        let difference = lift.coordinate(norm: norm) - lift.coordinate(norm: other)
        unsafe out[index] = max(norm * norm + other * other - 2 * out[index], 0) + difference * difference
      case .euclidean: break
      }
    }
  }
}
