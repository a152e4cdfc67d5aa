import Foundation

/// Numbers as callers pack them.
enum Packing {
  /// Base64 of single precision.
  static func f32(_ numbers: [Float]) -> String { base64(numbers.map { $0.bitPattern.littleEndian }) }
  /// Base64 of half precision, given as bits.
  static func f16(_ halves: [UInt16]) -> String { base64(halves.map(\.littleEndian)) }
  /// Base64 of signed bytes.
  static func i8(_ bytes: [Int8]) -> String { base64(bytes) }

  private static func base64<Number>(_ numbers: [Number]) -> String {
    numbers.withUnsafeBytes { Data($0) }.base64EncodedString()
  }
}
