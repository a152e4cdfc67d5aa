import Catalogue

/// What to export, and where to.
public struct ExportRequest: Sendable {
  /// The catalogue's directory.
  public var catalogue: String
  /// The `.npy` file that gets the vectors.
  public var vectors: String
  /// The file that gets one line of JSON a vector.
  public var metadata: String
  /// Only items that meet it: JSON in the grammar of the protocol.
  public var filter: String?
  /// Whether files that exist are replaced.
  public var overwrites = false

  /// An export of everything that is live.
  public init(catalogue: String, vectors: String, metadata: String) {
    (self.catalogue, self.vectors, self.metadata) = (catalogue, vectors, metadata)
  }
}

/// What an export did.
public struct ExportReport: Sendable {
  /// Rows that were written.
  public let rows: Int
  /// The revision that they are of.
  public let sequence: Int64
  /// The space that they live in.
  public let model: ModelSpace
}

/// Why an export could not be done; nothing was written.
public enum ExportError: Error, CustomStringConvertible, Sendable {
  /// A file exists already.
  case exists(file: String)
  /// Both files are the same.
  case sameFile(String)
  /// The name of the vectors' file does not say what is in it.
  case notNpy(String)
  /// The line of an item would mean something else when it is imported.
  case inexpressible(key: String, reason: String)

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .exists(let file): "\(file): exists already; choose another name, or use --force to replace it"
    case .sameFile(let file): "\(file): vectors and metadata need a file each; choose two names"
    case .notNpy(let file): "\(file): vectors are written as a NumPy array; choose a name that ends in .npy"
    case .inexpressible(let key, let reason):
      "item \(key): \(reason), so that importing its line would not bring it back; leave it out by --filter"
    }
  }

  /// The exit code, after sysexits.
  var exitCode: Int32 {
    switch self {
    case .exists: 73
    case .sameFile, .notNpy: 64
    case .inexpressible: 65
    }
  }
}
