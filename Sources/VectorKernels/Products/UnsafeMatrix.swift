/// A row-major matrix of floats in memory that someone else owns and keeps alive.
@unsafe public struct UnsafeMatrix {
  /// The first number of the first row.
  public let base: UnsafePointer<Float>
  /// How many rows there are.
  public let rows: Int
  /// How many numbers of each row belong to the matrix.
  public let columns: Int
  /// How many numbers lie between the starts of two rows (the leading dimension); at least `columns`.
  public let stride: Int

  /// A view of rows at a stride.
  ///
  /// - Parameters:
  ///   - base: The first number of the first row.
  ///   - rows: How many rows there are.
  ///   - columns: How many numbers of each row belong to the matrix.
  ///   - stride: Numbers between the starts of two rows; nil where the rows follow each other without a gap.
  /// - Precondition: No size is negative or above 2^31 - 1, and `stride` is at least `columns`.
  public init(_ base: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
    // SAFETY: nothing is read here; the owner keeps the memory alive for as long as this view is used.
    unsafe self.base = base
    unsafe self.rows = rows
    unsafe self.columns = columns
    unsafe self.stride = stride ?? columns
    checkShape(rows: rows, columns: columns, stride: stride ?? columns)
  }
}

/// A row-major matrix of floats that can be written, in memory that someone else owns and keeps alive.
@unsafe public struct UnsafeMutableMatrix {
  /// The first number of the first row.
  public let base: UnsafeMutablePointer<Float>
  /// How many rows there are.
  public let rows: Int
  /// How many numbers of each row belong to the matrix.
  public let columns: Int
  /// How many numbers lie between the starts of two rows (the leading dimension); at least `columns`.
  public let stride: Int

  /// A view of rows at a stride.
  ///
  /// - Parameters:
  ///   - base: The first number of the first row.
  ///   - rows: How many rows there are.
  ///   - columns: How many numbers of each row belong to the matrix.
  ///   - stride: Numbers between the starts of two rows; nil where the rows follow each other without a gap.
  /// - Precondition: No size is negative or above 2^31 - 1, and `stride` is at least `columns`.
  public init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
    // SAFETY: nothing is read here; the owner keeps the memory alive for as long as this view is used.
    unsafe self.base = base
    unsafe self.rows = rows
    unsafe self.columns = columns
    unsafe self.stride = stride ?? columns
    checkShape(rows: rows, columns: columns, stride: stride ?? columns)
  }
}

private func checkShape(rows: Int, columns: Int, stride: Int) {
  let limit = Int(Int32.max)
  precondition((0...limit).contains(rows) && (0...limit).contains(columns), "a matrix size out of range")
  precondition((columns...limit).contains(stride), "rows of a matrix that overlap, or a stride out of range")
}
