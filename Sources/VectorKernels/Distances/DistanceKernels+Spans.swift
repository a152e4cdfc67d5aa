import CVectorKernels

// SAFETY (whole file): each kernel is given the base of a span and that span's own count, or a count that a precondition
// has just compared with it. An empty span may have no base, and then nothing is called.

extension DistanceKernels {
  /// The inner product of two vectors.
  ///
  /// - Precondition: `query` and `row` have the same count.
  /// - Complexity: O(*d*).
  public func dot(_ query: Span<Float>, _ row: Span<Float>) -> Float {
    unsafe apply(table.dot_f32.pair, query, row)
  }

  /// The inner product of a vector and a row in half precision.
  ///
  /// - Precondition: `query` and `row` have the same count.
  /// - Complexity: O(*d*).
  public func dot(_ query: Span<Float>, _ row: Span<Float16>) -> Float {
    unsafe apply(table.dot_f16.pair, query, row)
  }

  /// The square of the Euclidean distance of two vectors.
  ///
  /// - Precondition: `query` and `row` have the same count.
  /// - Complexity: O(*d*).
  public func squaredDistance(_ query: Span<Float>, _ row: Span<Float>) -> Float {
    unsafe apply(table.squared_l2_f32.pair, query, row)
  }

  /// The square of the Euclidean distance of a vector and a row in half precision.
  ///
  /// - Precondition: `query` and `row` have the same count.
  /// - Complexity: O(*d*).
  public func squaredDistance(_ query: Span<Float>, _ row: Span<Float16>) -> Float {
    unsafe apply(table.squared_l2_f16.pair, query, row)
  }

  /// The inner product of signed and unsigned bytes; exact up to 65,536 dimensions.
  ///
  /// - Precondition: `query` and `row` have the same count.
  /// - Complexity: O(*d*).
  public func dot(_ query: Span<Int8>, _ row: Span<UInt8>) -> Int32 {
    precondition(query.count == row.count, "a query and a row of different dimensions")
    return unsafe query.withUnsafeBufferPointer { query in
      unsafe row.withUnsafeBufferPointer { row in
        guard let a = query.baseAddress, let b = row.baseAddress else { return 0 }
        return unsafe table.dot_i8_u8.pair(a, b, query.count)
      }
    }
  }

  /// The number of bits in which two codes differ.
  ///
  /// - Precondition: `query` and `row` have the same count.
  /// - Complexity: O(*bytes*).
  public func hamming(_ query: Span<UInt8>, _ row: Span<UInt8>) -> UInt32 {
    precondition(query.count == row.count, "codes of different lengths")
    return unsafe query.withUnsafeBufferPointer { query in
      unsafe row.withUnsafeBufferPointer { row in
        guard let a = query.baseAddress, let b = row.baseAddress else { return 0 }
        return unsafe table.hamming.pair(a, b, query.count)
      }
    }
  }

  /// The sum of squares, in double and in one fixed order.
  ///
  /// - Complexity: O(*d*).
  public func squaredNorm(_ vector: Span<Float>) -> Double {
    unsafe vector.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return 0 }
      return unsafe kg_squared_norm_f32(base, vector.count)
    }
  }

  /// The sum of squares of a row in half precision, in double and in one fixed order.
  ///
  /// - Complexity: O(*d*).
  public func squaredNorm(_ row: Span<Float16>) -> Double {
    unsafe row.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return 0 }
      return unsafe kg_squared_norm_f16(base, row.count)
    }
  }

  /// Whether no number is an infinity or a NaN; true for an empty vector.
  ///
  /// - Complexity: O(*d*).
  public func allFinite(_ vector: Span<Float>) -> Bool {
    unsafe vector.withUnsafeBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return true }
      return unsafe kg_all_finite(base, numbers.count)
    }
  }

  /// Reads halves as floats, times a factor.
  ///
  /// - Precondition: `output` has as many numbers as `input`.
  /// - Complexity: O(*d*).
  public func widen(_ input: Span<Float16>, times factor: Float = 1, into output: inout MutableSpan<Float>) {
    precondition(input.count == output.count, "input and output of different lengths")
    unsafe input.withUnsafeBytes { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        unsafe table.widen_f16(source, factor, target, output.count)
      }
    }
  }

  /// Stores floats as halves, rounded to nearest, ties to even.
  ///
  /// - Precondition: `output` has as many numbers as `input`.
  /// - Complexity: O(*d*).
  public func narrow(_ input: Span<Float>, into output: inout MutableSpan<Float16>) {
    precondition(input.count == output.count, "input and output of different lengths")
    unsafe input.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBytes { output in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        unsafe table.narrow_f16(source, target, input.count)
      }
    }
  }

  private func apply<Element>(_ kernel: PairKernel, _ query: Span<Float>, _ row: Span<Element>) -> Float
  where Element: BitwiseCopyable {
    precondition(query.count == row.count, "a query and a row of different dimensions")
    return unsafe query.withUnsafeBufferPointer { query in
      unsafe row.withUnsafeBytes { row in
        guard let a = query.baseAddress, let b = row.baseAddress else { return 0 }
        return unsafe kernel(a, b, query.count)
      }
    }
  }
}
