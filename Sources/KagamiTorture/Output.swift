import Foundation

/// Where everything is printed.
enum Output {
  /// Prints a line at once.
  static func line(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }
}
