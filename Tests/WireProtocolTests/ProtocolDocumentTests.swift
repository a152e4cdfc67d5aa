import Foundation
import TestSupport
import Testing
import WireProtocol

/// The examples of the protocol's document are what the decoder takes and refuses.
@Suite struct ProtocolDocumentTests {
  /// What is written and what is read, as the document has it.
  private static let examples: [(request: String, answer: String)] = {
    let lines = text.split(separator: "\n")
    let requests = lines.filter { $0.hasPrefix("→ ") }.map { String($0.dropFirst(2)) }
    let answers = lines.filter { $0.hasPrefix("← ") }.map { String($0.dropFirst(2)) }
    // The two requests of one id have one answer there: the refusal of the second.
    return zip(requests.filter { !$0.contains(#""id":7,"method":"search","params":{"key":"a/1"}"#) }, answers).map {
      ($0, $1)
    }
  }()

  private static let text: String = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "Sources/WireProtocol/WireProtocol.docc/Protocol.md")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  @Test func everyRequestIsAnsweredSo() throws {
    #expect(Self.examples.count >= 20)
    for (request, answer) in Self.examples {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any])
      #expect(Scan.refusal(answer) == nil)
      if let refusal = Wire.refusal(request) {
        #expect(refusal == answer)
      } else {
        #expect(object["result"] != nil || request.contains(#""id":7"#), "\(request)")
        let id = try #require(
          (try JSONSerialization.jsonObject(with: Data(request.utf8)) as? [String: Any])?["id"] as? Int)
        #expect(object["id"] as? Int == (id == 7 ? nil : id))
      }
    }
  }

  @Test func everyExampleFitsItsSchema() throws {
    let document = try DescriptionTests.document(.usual)
    for (request, answer) in Self.examples {
      let asked = try JSONTree(request)
      let method = try #require(asked["method"]?.string)
      if Wire.refusal(request) == nil {
        let schema = try #require(document.parameters(of: method))
        #expect(document.objections(to: asked["params"] ?? .object([:]), schema) == [], "\(request)")
      }
      #expect(try document.objections(toAnswer: answer, of: method) == [], "\(answer)")
    }
  }

  @Test func theFilterIsUnderstood() throws {
    let filter = try #require(Self.text.split(separator: "\n").first { $0.hasPrefix(#"{"must""#) })
    #expect(Wire.request(Wire.line("items.count", #"{"filter":\#(filter)}"#)) != nil)
  }

  @Test func everyMethodKindAndLimitIsThere() {
    for method in Method.allCases { #expect(Self.text.contains(method.rawValue)) }
    for kind in WireError.Kind.allCases {
      let row = "| `\(kind.rawValue)` | \(kind.code) | \(kind.isRetryable ? "yes" : "no") |"
      #expect(Self.text.contains(row), "\(row)")
    }
    let limits = Limits()
    for number in [
      limits.dimension, limits.vectors, limits.k, limits.hits, limits.filterConditions, limits.filterValues,
      limits.depth,
    ] {
      let text = number >= 1000 ? "\(number / 1000),\(String(format: "%03d", number % 1000))" : "\(number)"
      #expect(Self.text.contains("| \(text) |"), "\(text)")
    }
  }
}
