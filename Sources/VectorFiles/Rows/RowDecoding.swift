import WireProtocol

/// Turns the raw numbers of one row into numbers to compute with.
///
/// The loops are plain and branch-free so that the compiler vectorises them; sources need not be aligned.
enum RowDecoding {
  /// One row: where its raw numbers start, where its numbers go, and how many there are.
  struct Row {
    let source: Int
    let target: Int
    let count: Int
  }

  /// Writes a row of vector components as single-precision numbers; each is exact.
  ///
  /// - Parameters:
  ///   - row: The row to decode.
  ///   - bytes: The raw numbers.
  ///   - scalar: How they are stored: `float16`, `float32` or `uint8`.
  ///   - numbers: Takes the numbers.
  static func decode(_ row: Row, of bytes: [UInt8], as scalar: ScalarType, into numbers: inout [Float]) {
    switch scalar {
    case .float16: convert(row, of: bytes, into: &numbers) { Float(half: UInt16(littleEndian: $0)) }
    case .float32: convert(row, of: bytes, into: &numbers) { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .uint8: convert(row, of: bytes, into: &numbers) { (byte: UInt8) in Float(byte) }
    default: preconditionFailure("vectors are not stored as \(scalar)")
    }
  }

  /// Writes a row of whole numbers.
  ///
  /// - Returns: The first column whose number does not fit, or nil.
  static func decode(_ row: Row, of bytes: [UInt8], as scalar: ScalarType, into numbers: inout [Int64]) -> Int? {
    switch scalar {
    case .bool: convert(row, of: bytes, into: &numbers) { (byte: UInt8) in byte == 0 ? 0 : 1 }
    case .int8: convert(row, of: bytes, into: &numbers) { (byte: Int8) in Int64(byte) }
    case .uint8: convert(row, of: bytes, into: &numbers) { (byte: UInt8) in Int64(byte) }
    case .int16: convert(row, of: bytes, into: &numbers) { Int64(Int16(littleEndian: $0)) }
    case .uint16: convert(row, of: bytes, into: &numbers) { Int64(UInt16(littleEndian: $0)) }
    case .int32: convert(row, of: bytes, into: &numbers) { Int64(Int32(littleEndian: $0)) }
    case .uint32: convert(row, of: bytes, into: &numbers) { Int64(UInt32(littleEndian: $0)) }
    case .int64: convert(row, of: bytes, into: &numbers) { Int64(littleEndian: $0) }
    case .uint64:
      convert(row, of: bytes, into: &numbers) { Int64(littleEndian: $0) }
      return (0..<row.count).first { numbers[row.target + $0] < 0 }
    case .float16, .float32: preconditionFailure("whole numbers are not stored as \(scalar)")
    }
    return nil
  }

  @inline(__always)
  private static func convert<Stored: FixedWidthInteger & BitwiseCopyable, Number>(
    _ row: Row, of bytes: [UInt8], into numbers: inout [Number], _ number: (Stored) -> Number
  ) {
    let size = MemoryLayout<Stored>.size
    precondition(row.source >= 0 && row.source + row.count * size <= bytes.count, "the row must lie in the bytes")
    precondition(row.target >= 0 && row.target + row.count <= numbers.count, "the row must have its place")
    // SAFETY: both ranges were just checked to lie in the arrays; any bit pattern is an integer.
    unsafe bytes.withUnsafeBytes { source in
      unsafe numbers.withUnsafeMutableBufferPointer { target in
        for index in 0..<row.count {
          let stored = unsafe source.loadUnaligned(fromByteOffset: row.source &+ index &* size, as: Stored.self)
          unsafe target[row.target &+ index] = number(stored)
        }
      }
    }
  }
}
