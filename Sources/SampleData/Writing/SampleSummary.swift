/// What was written as a sample.
public struct SampleSummary: Equatable, Sendable {
  /// One file of the sample.
  public struct File: Equatable, Sendable {
    /// The name within the folder.
    public let name: String
    /// How many rows or lines it has.
    public let rowCount: Int
    /// What it is, in a few words.
    public let content: String
  }

  /// The folder.
  public let directory: String
  /// The files, in the order in which they were written.
  public internal(set) var files: [File] = []
}

extension SampleSummary: CustomStringConvertible {
  /// A table for people: a line a file.
  public var description: String {
    let width = files.map(\.name.count).max() ?? 0
    let lines = files.map { file in
      let name = file.name + String(repeating: " ", count: width - file.name.count)
      let count = String(file.rowCount)
      return "  \(name)  \(String(repeating: " ", count: max(0, 5 - count.count)))\(count)  \(file.content)"
    }
    return (["\(directory):"] + lines).joined(separator: "\n")
  }
}
