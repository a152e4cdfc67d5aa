/// The type in which a row's numbers are stored.
///
/// The raw value is the one that file headers carry.
public enum ElementType: UInt8, Sendable, CaseIterable {
  /// Half precision, IEEE 754 binary16.
  case float16 = 1
  /// Single precision, IEEE 754 binary32.
  case float32 = 2

  /// The type with this short name, as the command line and the wire spell it.
  ///
  /// - Parameter name: `f16` or `f32`.
  public init?(name: String) {
    guard let type = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = type
  }

  /// The short name on the command line and the wire: `f16` or `f32`.
  public var name: String {
    switch self {
    case .float16: "f16"
    case .float32: "f32"
    }
  }

  /// The size of one number in bytes.
  public var bytes: Int {
    switch self {
    case .float16: 2
    case .float32: 4
    }
  }
}
