import CBLAS

/// The eigenvalues and eigenvectors of a symmetric matrix, largest eigenvalue first.
///
/// *A* · *v* = λ · *v* for each pair. The signs of the vectors are arbitrary. LAPACK's divide and conquer (`ssyevd`).
public struct SymmetricEigen: Sendable {
  /// The number of rows and columns of the matrix.
  public let order: Int
  /// The eigenvalues, descending.
  public let values: [Float]
  /// The eigenvectors, row-major: row *i*, of `order` numbers and length 1, belongs to `values[i]`.
  public let vectors: [Float]

  /// Factors a matrix.
  ///
  /// - Parameters:
  ///   - matrix: `order`² numbers, row-major; only the lower triangle is read.
  ///   - order: The number of rows and columns.
  /// - Throws: ``LinearAlgebraError``.
  /// - Precondition: `matrix` has `order`² numbers.
  /// - Complexity: O(*n*³).
  public init(of matrix: Span<Float>, order: Int) throws(LinearAlgebraError) {
    precondition(order >= 0 && matrix.count == order * order, "a matrix that is not square")
    guard DistanceKernels.active.allFinite(matrix) else { throw .notFinite }
    guard let n = Int32(exactly: order) else { throw .tooLarge(rows: order, columns: order) }
    var vectors = [Float](copying: matrix)
    var values = [Float](repeating: 0, count: order)
    if n > 0 { try Self.factor(&vectors, &values, n) }
    self.order = order
    self.values = values.reversed()
    self.vectors = Self.rowsReversed(vectors, columns: order)
  }

  /// Replaces the matrix by its eigenvectors, ascending, one a row: LAPACK's columns are our rows.
  private static func factor(_ a: inout [Float], _ w: inout [Float], _ n: Int32) throws(LinearAlgebraError) {
    let (vectors, upper) = (CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")))
    var (query, integerQuery) = (Float(0), Int32(0))
    let order = Int(n)
    // SAFETY: a and w have n² and n numbers; a query writes one number to each workspace.
    let queried = unsafe kg_ssyevd(vectors, upper, n, &a, n, &w, &query, -1, &integerQuery, -1)
    if let error = LinearAlgebraError(routine: "ssyevd", info: queried) { throw error }
    guard let size = workspaceSize(answer: query, minimum: 1 + 6 * order + 2 * order * order) else {
      throw .tooLarge(rows: order, columns: order)
    }
    var work = [Float](repeating: 0, count: size)
    var integers = [Int32](repeating: 0, count: max(Int(integerQuery), 3 + 5 * order))
    // SAFETY: the workspaces have the sizes that are passed with them, at least what LAPACK asked for.
    let info = BLASMemory.turn {
      unsafe kg_ssyevd(vectors, upper, n, &a, n, &w, &work, Int32(size), &integers, Int32(integers.count))
    }
    if let error = LinearAlgebraError(routine: "ssyevd", info: info) { throw error }
  }

  private static func rowsReversed(_ matrix: [Float], columns: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(matrix.count)
    for start in stride(from: matrix.count - columns, through: 0, by: -max(columns, 1)) {
      result.append(contentsOf: matrix[start..<start + columns])
    }
    return result
  }
}
