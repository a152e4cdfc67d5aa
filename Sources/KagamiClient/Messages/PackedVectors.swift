import Foundation

/// Vectors as they travel best: base64 of little-endian numbers.
public struct PackedVectors: Sendable, Hashable {
  /// How the numbers are stored on the wire.
  public enum NumberType: String, Sendable, Hashable, Encodable {
    /// Single precision.
    case float32 = "f32le"
    /// Half precision: half the bytes, and exact where the catalogue stores half precision too.
    case float16 = "f16le"
  }

  /// How many vectors there are.
  public let count: Int
  /// How many numbers a vector has.
  public let dimension: Int
  /// How the numbers are stored.
  public let type: NumberType
  let text: String

  /// Vectors of single precision, or of half precision after rounding.
  ///
  /// - Parameters:
  ///   - numbers: Whole vectors, one after another.
  ///   - dimension: How many numbers a vector has.
  ///   - type: How they travel.
  /// - Throws: ``ClientError/raggedVectors(count:dimension:)``.
  public init(_ numbers: [Float], dimension: Int, as type: NumberType = .float32) throws(ClientError) {
    switch type {
    case .float32:
      var bytes: [UInt8] = []
      Base64Floats.append(numbers[...], to: &bytes)
      try self.init(text: String(decoding: bytes, as: UTF8.self), count: numbers.count, dimension, type)
    case .float16: try self.init(halves: numbers.map(HalfPrecision.bits), dimension: dimension)
    }
  }

  /// Vectors of half precision.
  ///
  /// - Parameters:
  ///   - halves: The bits of the numbers, whole vectors one after another.
  ///   - dimension: How many numbers a vector has.
  /// - Throws: ``ClientError/raggedVectors(count:dimension:)``.
  public init(halves: [UInt16], dimension: Int) throws(ClientError) {
    let bytes = halves.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    try self.init(text: Data(bytes).base64EncodedString(), count: halves.count, dimension, .float16)
  }

  private init(text: String, count: Int, _ dimension: Int, _ type: NumberType) throws(ClientError) {
    guard dimension > 0, count.isMultiple(of: dimension) else {
      throw .raggedVectors(count: count, dimension: dimension)
    }
    (self.text, self.count, self.dimension, self.type) = (text, count / dimension, dimension, type)
  }
}

extension PackedVectors: Encodable {
  private enum CodingKeys: String, CodingKey {
    case b64, dtype, shape
  }

  /// Writes the object of the protocol.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(text, forKey: .b64)
    try fields.encode(type, forKey: .dtype)
    try fields.encode([count, dimension], forKey: .shape)
  }
}
