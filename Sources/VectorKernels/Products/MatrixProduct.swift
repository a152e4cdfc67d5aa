import CBLAS

/// Products of row-major matrices, by BLAS.
///
/// The last bits of a product depend on its shape, on the number of BLAS threads and on the library: candidates that come
/// from a product are rescored by ``DistanceKernels``.
///
/// - Concurrency: Calls may run at the same time where their outputs do not overlap; see ``BLASLibrary`` for its threads.
public enum MatrixProduct {
  /// Multiplies by a transposed matrix: *C* = *A* · *B*ᵀ, all inner products of the rows of *A* and *B* (`sgemm`).
  ///
  /// - Parameters:
  ///   - a: *m* rows of *k* numbers.
  ///   - b: *n* rows of *k* numbers.
  ///   - c: *m* rows of *n* numbers; what they held does not matter.
  /// - Precondition: The shapes agree.
  /// - Complexity: O(*m* · *n* · *k*).
  @unsafe public static func multiply(
    _ a: UnsafeMatrix, transposed b: UnsafeMatrix, into c: UnsafeMutableMatrix
  ) {
    // SAFETY: the shapes agree by the preconditions, the sizes fit by the views' own, and the caller owns the memory.
    unsafe precondition(a.columns == b.columns, "matrices of different inner dimensions")
    unsafe precondition(c.rows == a.rows && c.columns == b.rows, "a product that does not fit its output")
    guard unsafe c.rows > 0, unsafe c.columns > 0 else { return }
    BLASMemory.turn {
      unsafe cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(a.rows), Int32(b.rows), Int32(a.columns),
        1, a.base, leading(a.stride), b.base, leading(b.stride), 0, c.base, leading(c.stride))
    }
  }

  /// Multiplies by a transposed matrix: *C* = *A* · *B*ᵀ, for matrices without gaps.
  ///
  /// - Parameters:
  ///   - a: Rows of `inner` numbers.
  ///   - b: Rows of `inner` numbers.
  ///   - inner: The number of columns of both; positive.
  ///   - c: One row for each row of *A*, one column for each row of *B*.
  /// - Precondition: The counts agree.
  public static func multiply(_ a: Span<Float>, transposed b: Span<Float>, inner: Int, into c: inout MutableSpan<Float>)
  {
    let (m, n) = (rowCount(a, columns: inner), rowCount(b, columns: inner))
    precondition(c.count == m * n, "a product that does not fit its output")
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          // SAFETY: the views cover the spans exactly, by the counts above; an empty one has no base and no product.
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          unsafe multiply(
            UnsafeMatrix(a, rows: m, columns: inner), transposed: UnsafeMatrix(b, rows: n, columns: inner),
            into: UnsafeMutableMatrix(c, rows: m, columns: n))
        }
      }
    }
  }

  /// Computes the second-moment matrix *G* = *A*ᵀ · *A* of the rows of *A*, uncentred and not divided (`ssyrk`).
  ///
  /// - Parameters:
  ///   - a: *m* rows of *d* numbers.
  ///   - adding: Whether to add to what `g` holds, which must be symmetric; large sets are summed in pieces so.
  ///   - g: *d* rows of *d* numbers.
  /// - Precondition: `g` is square and as wide as `a`.
  /// - Complexity: O(*m* · *d*²).
  @unsafe public static func gram(of a: UnsafeMatrix, adding: Bool = false, into g: UnsafeMutableMatrix) {
    // SAFETY: the shapes agree by the precondition, the sizes fit by the views' own, and the caller owns the memory.
    unsafe precondition(g.rows == a.columns && g.columns == a.columns, "a second-moment matrix of another size")
    let (order, stride) = unsafe (g.rows, g.stride)
    guard order > 0 else { return }
    BLASMemory.turn {
      unsafe cblas_ssyrk(
        CblasRowMajor, CblasLower, CblasTrans, Int32(order), Int32(a.rows),
        1, a.base, leading(a.stride), adding ? 1 : 0, g.base, leading(stride))
    }
    for row in 0..<order {
      for column in 0..<row {
        unsafe g.base[column * stride + row] = g.base[row * stride + column]
      }
    }
  }

  /// Computes the second-moment matrix *A*ᵀ · *A* of rows without gaps.
  ///
  /// - Parameters:
  ///   - rows: Rows of `dimension` numbers.
  ///   - dimension: The number of columns; positive.
  /// - Returns: A symmetric row-major matrix of `dimension`² numbers.
  public static func gram(of rows: Span<Float>, dimension: Int) -> [Float] {
    let count = rowCount(rows, columns: dimension)
    var result = [Float](repeating: 0, count: dimension * dimension)
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe result.withUnsafeMutableBufferPointer { result in
        // SAFETY: the views cover the span and the array exactly; without rows the matrix stays zero.
        guard let a = rows.baseAddress, let g = result.baseAddress else { return }
        unsafe gram(
          of: UnsafeMatrix(a, rows: count, columns: dimension),
          into: UnsafeMutableMatrix(g, rows: dimension, columns: dimension))
      }
    }
    return result
  }

  private static func rowCount(_ matrix: Span<Float>, columns: Int) -> Int {
    precondition(columns > 0 && matrix.count.isMultiple(of: columns), "a matrix with a broken row")
    return matrix.count / columns
  }

  /// BLAS wants a positive leading dimension even where there is no column.
  private static func leading(_ stride: Int) -> Int32 {
    Int32(max(stride, 1))
  }
}
