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
    var complete: Bool?
    /// How many items an edit took away, and which.
    var removed: Int?
    var keys: [String]?
    /// Whether nothing of a removed item is left, says `kagami verify --removed`.
    var gone: Bool?
    var results: [Entry]?
    var items: [Item]?
    var members: [Member]?
  }

  /// A member, and how many items it has.
  struct Member: Decodable {
    var member: String
    var items: Int
  }

  /// What was found for one vector.
  struct Entry: Decodable {
    var hits: [Hit]
    /// What was gathered by work.
    var groups: [Group]

    private enum Names: CodingKey {
      case hits, groups
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Names.self)
      hits = try container.decodeIfPresent([Hit].self, forKey: .hits) ?? []
      groups = try container.decodeIfPresent([Group].self, forKey: .groups) ?? []
    }
  }

  /// The items of a work, or one that has none.
  struct Group: Decodable {
    var work: String?
    var member: String?
    var score: Float
    var count: Int
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
    var attributes: Attributes?

    /// The item as the model knows it.
    var model: CatalogueState.Item {
      CatalogueState.Item(vector: vector?.numbers ?? [], member: member, label: attributes?.label)
    }
  }

  /// The attributes that are looked at.
  struct Attributes: Decodable {
    var label: Int?
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
