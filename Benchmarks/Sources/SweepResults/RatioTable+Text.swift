import Foundation

extension RatioTable {
  /// The table in Markdown, its columns aligned so that it reads well as plain text too.
  public var markdown: String {
    let header = ["figure", "1.0 is"] + systems
    let lines = rows.map { [$0.label, $0.base] + $0.ratios.map(Self.text) }
    let widths = header.indices.map { column in ([header] + lines).map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      "| " + zip(cells, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: " | ")
        + " |"
    }
    let rule =
      "|"
      + widths.enumerated().map { column, width in
        String(repeating: "-", count: width + 1) + (column < 2 ? "-" : ":")
      }.joined(separator: "|") + "|"
    return ([line(header), rule] + lines.map(line)).joined(separator: "\n") + "\n"
  }

  private static func text(_ cell: Cell) -> String {
    switch cell {
    case .ratio(let ratio): String(format: ratio < 0.1 ? "%.3f" : ratio < 10 ? "%.2f" : "%.1f", ratio)
    case .recall(let recall): String(String(format: "%.4f", recall).dropFirst(recall < 1 ? 1 : 0))
    case .never: "never"
    case .missing: "–"
    }
  }
}
