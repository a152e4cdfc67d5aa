import VectorKernels

/// The numbers that a storage keeps well, and how rows are brought into their midst.
///
/// Under cosine only the direction of a row counts, and a power of two changes no bit of its numbers but the exponents. So a row whose
/// largest number lies outside the range is stored multiplied by the power that makes that number at least 1 and less than 2. All
/// other rows are stored as they are. Every row of unit length with up to a million numbers lies within the range.
///
/// Under the other metrics lengths count: there a row is stored as it is, or refused where the storage would change it by more than
/// ``greatestLoss`` of its length.
struct StorageRange {
  /// What is lost of a row at most, as a share of its length: twice what rounding to f16 costs within the range.
  static let greatestLoss = 0x1p-10

  private let type: ElementType

  /// The range of a storage.
  init(_ type: ElementType) {
    self.type = type
  }

  /// The magnitudes that the largest number of a row may have for the row to be stored as it is.
  ///
  /// From 65,520 on f16 rounds to infinity, and below 2^-14 it has fewer bits. Squares and products of 32-bit floats must neither
  /// overflow nor vanish.
  var magnitudes: Range<Float> { type == .float16 ? 0x1p-10..<65_520 : 0x1p-64..<0x1p48 }

  /// A row's numbers as they are stored under cosine, before they are rounded.
  ///
  /// - Parameter vector: A row.
  /// - Returns: The row times a power of two; nil for one that is stored as it is, which includes the zero vector and what is not finite.
  /// - Complexity: O(*d*).
  func scaled(_ vector: Span<Float>) -> [Float]? {
    let largest = largestMagnitude(of: vector)
    guard largest > 0, largest.isFinite, !magnitudes.contains(largest) else { return nil }
    // In double, where every power of two that is needed is a number.
    let factor = Double(sign: .plus, exponent: -Int(largest.exponent), significand: 1)
    var scaled: [Float] = []
    scaled.reserveCapacity(vector.count)
    for index in vector.indices { scaled.append(Float(Double(vector[index]) * factor)) }
    return scaled
  }

  /// Whether rounding takes more of a row than is allowed, because its numbers are too small for the storage.
  ///
  /// - Parameters:
  ///   - vector: A row without numbers that are too large.
  ///   - squared: The squared length of the row as it was rounded.
  /// - Returns: Always false for f32, which keeps every number.
  /// - Complexity: O(1) for rows that are long enough; else O(*d*).
  func losesTooMuch(of vector: Span<Float>, squared: Double) -> Bool {
    guard type == .float16 else { return false }
    // A number below 2^-14 is moved by up to 2^-25, any other by up to 2^-11 of itself.
    guard squared < Double(vector.count) * 0x1p-28 else { return false }
    var (loss, whole) = (0.0, 0.0)
    for index in vector.indices {
      let number = Double(vector[index])
      let difference = number - Double(Float16(vector[index]))
      loss += difference * difference
      whole += number * number
    }
    return loss > Self.greatestLoss * Self.greatestLoss * whole
  }

  private func largestMagnitude(of vector: Span<Float>) -> Float {
    // Magnitudes are in the order of their bits, which are compared several at a time.
    var largest: UInt32 = 0
    for index in vector.indices { largest = max(largest, vector[index].bitPattern & 0x7fff_ffff) }
    return Float(bitPattern: largest)
  }
}
