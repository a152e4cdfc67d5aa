import CBLAS

/// The thin singular value decomposition of a matrix: *A* = *U* · diag(*σ*) · *V*ᵀ.
///
/// The signs of matching columns of *U* and rows of *V*ᵀ are arbitrary. LAPACK's divide and conquer (`sgesdd`).
public struct SingularValues: Sendable {
  /// The number of rows of the matrix, *m*.
  public let rows: Int
  /// The number of columns of the matrix, *n*.
  public let columns: Int
  /// The singular values *σ*, descending: *k* = min(*m*, *n*) of them.
  public let values: [Float]
  /// *U*, row-major: *m* rows of *k* numbers, with orthonormal columns.
  public let left: [Float]
  /// *V*ᵀ, row-major: *k* orthonormal rows of *n* numbers.
  public let rightTransposed: [Float]

  /// Factors a matrix.
  ///
  /// - Parameters:
  ///   - matrix: `rows` × `columns` numbers, row-major.
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  /// - Throws: ``LinearAlgebraError``.
  /// - Precondition: `matrix` has `rows` × `columns` numbers.
  /// - Complexity: O(*m* · *n* · min(*m*, *n*)).
  public init(of matrix: Span<Float>, rows: Int, columns: Int) throws(LinearAlgebraError) {
    precondition(rows >= 0 && columns >= 0 && matrix.count == rows * columns, "a matrix of another size")
    guard DistanceKernels.active.allFinite(matrix) else { throw .notFinite }
    let rank = min(rows, columns)
    var factors = Factors(
      left: [Float](repeating: 0, count: rows * rank), values: [Float](repeating: 0, count: rank),
      rightTransposed: [Float](repeating: 0, count: rank * columns))
    if rank > 0 {
      try factors.compute([Float](copying: matrix), rows: rows, columns: columns)
    }
    self.rows = rows
    self.columns = columns
    values = factors.values
    left = factors.left
    rightTransposed = factors.rightTransposed
  }
}

/// The outputs of `sgesdd` while it runs.
private struct Factors {
  var left: [Float]
  var values: [Float]
  var rightTransposed: [Float]

  /// Runs LAPACK on the same memory read by columns: it sees *A*ᵀ = *V* · diag(*σ*) · *U*ᵀ, so its left factor by columns is
  /// our *V*ᵀ by rows, and its right factor by columns is our *U* by rows.
  mutating func compute(_ matrix: [Float], rows: Int, columns: Int) throws(LinearAlgebraError) {
    let rank = min(rows, columns)
    guard let m = Int32(exactly: columns), let n = Int32(exactly: rows), rank <= Int(Int32.max) / 8 else {
      throw .tooLarge(rows: rows, columns: columns)
    }
    let (thin, k) = (CChar(UInt8(ascii: "S")), Int32(rank))
    var a = matrix
    var integers = [Int32](repeating: 0, count: 8 * rank)
    var query = Float(0)
    // SAFETY: the arrays have m·n, k, m·k, k·n and 8·k numbers; a query writes one number to the workspace.
    let queried = unsafe kg_sgesdd(
      thin, m, n, &a, m, &values, &rightTransposed, m, &left, k, &query, -1, &integers)
    if let error = LinearAlgebraError(routine: "sgesdd", info: queried) { throw error }
    guard let size = workspaceSize(answer: query, minimum: 4 * rank * rank + 7 * rank) else {
      throw .tooLarge(rows: rows, columns: columns)
    }
    var work = [Float](repeating: 0, count: size)
    // SAFETY: as above; the workspace has the size that is passed with it, at least what LAPACK asked for.
    let info = BLASMemory.turn {
      unsafe kg_sgesdd(
        thin, m, n, &a, m, &values, &rightTransposed, m, &left, k, &work, Int32(size), &integers)
    }
    if let error = LinearAlgebraError(routine: "sgesdd", info: info) { throw error }
  }
}
