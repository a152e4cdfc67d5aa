/// How packed numbers are stored.
enum PackedType: String, CaseIterable {
  /// Single precision of IEEE 754, little-endian.
  case float32 = "f32le"
  /// Half precision of IEEE 754, little-endian.
  case float16 = "f16le"
  /// Signed bytes.
  case int8 = "i8"

  /// The name for messages.
  static let names = "f32le, f16le, i8"

  /// Bytes of a number.
  var bytes: Int {
    switch self {
    case .float32: 4
    case .float16: 2
    case .int8: 1
    }
  }

  @inline(__always)
  init?(_ name: JSONScanner.Name) {
    switch name {
    case "f32le": self = .float32
    case "f16le": self = .float16
    case "i8": self = .int8
    default: return nil
    }
  }
}
