import Foundation

/// Everything that sub-commands other than `serve` print goes through here.
///
/// Results go to standard output; progress and complaints to standard error, so that output can be piped.
enum Output {
  /// Prints a line of results for people; what would break it is shown as an escape.
  ///
  /// - Throws: ``OutputFailure`` where nobody can have it.
  static func line(_ text: String) throws(OutputFailure) {
    try verbatim(text.shown)
  }

  /// Prints results that are as they must be: JSON, or pages of help.
  ///
  /// - Throws: ``OutputFailure`` where nobody can have them.
  static func verbatim(_ text: String) throws(OutputFailure) {
    try StandardStream.output.write(text + "\n")
  }

  /// Prints a line for the person at the terminal; where there is none it is lost, and nothing more can be done.
  static func note(_ text: String) {
    complaint(text.shown)
  }

  /// Prints what is wrong with the arguments, which may take several lines.
  static func complaint(_ text: String) {
    try? StandardStream.errors.write(text + "\n")
  }

  /// Shows how far a command is, on the line where the cursor stands.
  static func progress(_ text: String) {
    try? StandardStream.errors.write(text)
  }

  /// Prints columns, as wide as their widest cell.
  ///
  /// - Parameters:
  ///   - header: The names of the columns; not shown where all are empty.
  ///   - rows: Cells; as many a row as there are columns.
  ///   - numeric: Columns that are aligned to the right.
  /// - Throws: ``OutputFailure``.
  static func table(_ header: [String], _ rows: [[String]], numeric: Set<Int> = []) throws(OutputFailure) {
    let rows = rows.map { $0.map(\.shown) }
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    for row in (header.allSatisfy(\.isEmpty) ? rows : [header] + rows) {
      let cells = header.indices.map { column -> String in
        let pad = String(repeating: " ", count: widths[column] - row[column].count)
        return numeric.contains(column) ? pad + row[column] : row[column] + pad
      }
      try verbatim(cells.joined(separator: "  ").trimmingTrailingSpaces())
    }
  }

  /// Whether standard error is a terminal, which can show a bar.
  static var hasTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

extension String {
  /// The text on one line that moves no cursor: control characters, and what ends a line, as escapes.
  var shown: String {
    guard unicodeScalars.contains(where: \.movesCursor) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case let scalar where scalar.movesCursor: text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  fileprivate func trimmingTrailingSpaces() -> String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

extension Unicode.Scalar {
  /// Whether a terminal may do something else than show it: controls, separators of lines, and marks that turn the direction of writing.
  fileprivate var movesCursor: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    default: false
    }
  }
}
