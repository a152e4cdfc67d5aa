import Foundation

/// A request as it is written.
struct Request {
  var method: String
  /// The parameters, as JSON.
  var params = "{}"

  /// Its line.
  func line(id: Int) -> String {
    "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"\(method)\",\"params\":\(params)}"
  }

  static let hello = Request(method: "engine.hello")
  static let health = Request(method: "engine.health")
  static let count = Request(method: "items.count")
  static let build = Request(method: "index.build", params: "{\"threads\":2}")

  /// A search for one vector.
  static func search(_ vector: [Float], k: Int, exact: Bool) -> Request {
    Request(method: "search", params: "{\"vector\":\(pack(vector)),\"k\":\(k),\"exact\":\(exact)}")
  }

  /// A page of all items with their vectors.
  static func scroll(after cursor: String?) -> Request {
    let place = cursor.map { ",\"cursor\":\"\($0)\"" } ?? ""
    return Request(
      method: "items.scroll", params: "{\"limit\":1000,\"with_vectors\":\"f32le\"\(place)}")
  }

  /// A filter of the protocol: items with a label.
  static func filter(label: Int) -> String { "{\"must\":[{\"key\":\"label\",\"match\":{\"value\":\(label)}}]}" }

  /// A vector, packed.
  static func pack(_ vector: [Float]) -> String {
    var bytes: [UInt8] = []
    for number in vector {
      for shift in stride(from: 0, to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> UInt32(shift)))
      }
    }
    return "{\"b64\":\"\(Data(bytes).base64EncodedString())\",\"dtype\":\"f32le\"}"
  }
}
