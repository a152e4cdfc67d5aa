/// How one number is laid out in a file; always little-endian.
public enum ScalarType: Equatable, Sendable, CaseIterable {
  /// IEEE half precision: `<f2`.
  case float16
  /// IEEE single precision: `<f4`.
  case float32
  /// A byte that is 0 or 1: `|b1`.
  case bool
  /// Signed integers: `|i1`, `<i2`, `<i4`, `<i8`.
  case int8, int16, int32, int64
  /// Unsigned integers: `|u1`, `<u2`, `<u4`, `<u8`.
  case uint8, uint16, uint32, uint64

  /// The bytes that one number takes.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .float16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .int64, .uint64: 8
    }
  }

  /// Whether it holds whole numbers only.
  public var isInteger: Bool { self != .float16 && self != .float32 }

  /// The name that NumPy gives it in a file's header.
  var descriptor: String {
    switch self {
    case .float16: "<f2"
    case .float32: "<f4"
    case .bool: "|b1"
    case .int8: "|i1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .uint8: "|u1"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .uint64: "<u8"
    }
  }

  /// The type that NumPy calls by a name; one-byte types may be written with either mark of byte order.
  init?(descriptor: String) {
    let match = Self.allCases.first { type in
      type.descriptor == descriptor || (type.byteCount == 1 && "<" + type.descriptor.dropFirst() == descriptor)
    }
    guard let match else { return nil }
    self = match
  }
}
