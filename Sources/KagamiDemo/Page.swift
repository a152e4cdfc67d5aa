import Foundation
import KagamiClient

/// What the demo prints.
enum Page {
  static func title(_ text: String) { say("\n\(text)\n") }

  static func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }

  static func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  static func score(_ score: Float) -> String { String(format: "%.3f", score) }

  /// Hits one a line; the right one gets a mark.
  static func hits(_ hits: [Hit], marking original: String?) {
    guard !hits.isEmpty else { return say("  nothing") }
    table(
      ["score", "picture", "work", "member", ""],
      hits.map {
        [score($0.score), $0.key, $0.work ?? "", $0.member ?? "", $0.key == original ? "← the original" : ""]
      })
  }

  static func table(_ header: [String], _ rows: [[String]]) {
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    for row in [header] + rows {
      let cells = header.indices.map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) }
      let line = cells.joined(separator: "  ")
      say("  " + line.prefix(through: line.lastIndex { $0 != " " } ?? line.startIndex))
    }
  }
}
