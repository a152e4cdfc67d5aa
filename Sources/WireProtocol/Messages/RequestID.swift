/// What a caller calls a request, so that it finds the answer.
///
/// Two strings are the same id only if they have the same bytes.
public enum RequestID: Sendable {
  /// An integer within ±(2⁵³ − 1).
  case integer(Int64)
  /// A string of 1 to 128 bytes.
  case string(String)

  /// The largest integer that every JSON library keeps exactly.
  public static let greatestInteger: Int64 = (1 << 53) - 1
  /// The longest string, in bytes of UTF-8.
  public static let greatestLength = 128
}

extension RequestID: Hashable {
  /// Whether two ids have the same kind and the same digits or bytes.
  public static func == (a: RequestID, b: RequestID) -> Bool {
    switch (a, b) {
    case (.integer(let a), .integer(let b)): a == b
    case (.string(let a), .string(let b)): ExactText(a) == ExactText(b)
    default: false
    }
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .integer(let integer): hasher.combine(integer)
    case .string(let string): hasher.combine(ExactText(string))
    }
  }
}
