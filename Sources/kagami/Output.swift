import Foundation

/// Everything that sub-commands other than `serve` print goes through here.
///
/// Results go to standard output; progress and complaints to standard error, so that output can be piped.
enum Output {
  /// Prints a line of results.
  static func line(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }

  /// Prints a line for the person at the terminal.
  static func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// Prints columns, as wide as their widest cell.
  ///
  /// - Parameters:
  ///   - header: The names of the columns; not shown where all are empty.
  ///   - rows: Cells; as many a row as there are columns.
  ///   - numeric: Columns that are aligned to the right.
  static func table(_ header: [String], _ rows: [[String]], numeric: Set<Int> = []) {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    for row in (header.allSatisfy(\.isEmpty) ? rows : [header] + rows) {
      let cells = header.indices.map { column -> String in
        let pad = String(repeating: " ", count: widths[column] - row[column].count)
        return numeric.contains(column) ? pad + row[column] : row[column] + pad
      }
      line(cells.joined(separator: "  ").trimmingTrailingSpaces())
    }
  }

  /// Whether standard error is a terminal, which can show a bar.
  static var hasTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

extension String {
  fileprivate func trimmingTrailingSpaces() -> String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
