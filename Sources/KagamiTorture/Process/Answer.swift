import Foundation

/// An answer line, as far as the harness looks at it.
struct Answer: Decodable {
  var id: Int?
  var result: Result?
  var error: Failure?

  /// What an error says.
  struct Failure: Decodable {
    var message: String
    var data: Details

    struct Details: Decodable {
      var kind: String
      var retryable: Bool
    }
  }

  /// The members of all results that are looked at.
  struct Result: Decodable {
    var seq: Int?
    var count: Int?
    var snapshot: Int?
    var repeated: Bool?
    var degraded: Bool?
    var exact: Bool?
    var state: String?
    var reasons: [String]?
    var cursor: String?
    var missing: Int?
    var results: [Entry]?
    var items: [Item]?
  }

  /// What was found for one vector.
  struct Entry: Decodable {
    var hits: [Hit]
  }

  /// One hit.
  struct Hit: Decodable, Equatable {
    var key: String
    var score: Float
  }

  /// One stored item.
  struct Item: Decodable {
    var key: String
    var member: String?
    var vector: Packed?
  }

  /// A vector as it was asked for.
  struct Packed: Decodable {
    var b64: String

    /// Its numbers; nil where they are none.
    var numbers: [Float]? {
      guard let data = Data(base64Encoded: b64), data.count % 4 == 0 else { return nil }
      let bytes = [UInt8](data)
      return stride(from: 0, to: bytes.count, by: 4).map { start in
        Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
      }
    }
  }
}
