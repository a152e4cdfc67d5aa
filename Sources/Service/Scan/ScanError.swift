/// Why a scan could not be done, or not to its end.
public enum ScanError: Error, CustomStringConvertible, Sendable {
  /// The output exists already.
  case exists(file: String)
  /// The ending of the output's name does not say how to write it.
  case unknownEnding(file: String)
  /// A matrix has as many columns as hits were asked for, and none was.
  case needsCount(file: String)
  /// A matrix of scores has no place for permissions.
  case noPlaceForUse(file: String)
  /// An input would be written to.
  case sameFile(String)
  /// A row cannot be searched for.
  case badRow(file: String, row: Int, reason: String)
  /// A scan that was begun was another one.
  case begunOtherwise(file: String, difference: String)
  /// The note of how far a scan came cannot be understood, or is missing.
  case journalUnusable(file: String, reason: String)

  /// Which row it is about, and why; without what to do.
  public var place: String {
    guard case .badRow(let file, let row, let reason) = self else { return description }
    return "\(file), row \(row): \(reason)"
  }

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .exists(let file): "\(file): exists already; choose another name, or use --force to replace it"
    case .unknownEnding(let file):
      "\(file): the ending does not say how to write hits; choose a name that ends in "
        + ScanFormat.endings.joined(separator: ", ")
    case .needsCount(let file):
      "\(file): a matrix has a fixed number of columns; give -k, or write everything above a threshold to .jsonl or .csv"
    case .noPlaceForUse(let file):
      "\(file): a matrix of scores has no place for permissions; write them to .jsonl or .csv, or leave --use and its kin out"
    case .sameFile(let file): "\(file): cannot be input and output of one scan; choose another name for the output"
    case .badRow(let file, let row, let reason):
      "\(file), row \(row): \(reason); mend the file, or use --skip-bad to write that in the row's place and go on"
    case .begunOtherwise(let file, let difference):
      "\(file): was begun by a scan that differs from this one: \(difference); use --restart to begin anew"
    case .journalUnusable(let file, let reason): "\(file): \(reason); use --restart to begin anew"
    }
  }

  /// The exit code, after sysexits.
  var exitCode: Int32 {
    switch self {
    case .exists, .begunOtherwise, .journalUnusable: 73
    case .unknownEnding, .needsCount, .noPlaceForUse, .sameFile: 64
    case .badRow: 65
    }
  }
}
