/// What to look for, and where the hits go.
public struct ScanRequest: Sendable {
  /// The catalogue's directory.
  public var catalogue: String
  /// The files with the vectors, in the order in which they are scanned.
  public var inputs: [String]
  /// The file that gets the hits; its ending says how they are written.
  public var output: String
  /// How many hits for each vector; nil for everything at or above the threshold.
  public var k: Int? = 10
  /// The least score of a hit.
  public var scoreThreshold: Float?
  /// How hard to try for the k nearest; a search for everything compares every row.
  public var effort = FileSearch.Effort()
  /// Only items that meet it: JSON in the grammar of the protocol.
  public var filter: String?
  /// A use of what is found: hits then say whether it is permitted, by what the register knew at the revision that is searched.
  public var use: UseOptions?
  /// Whether hits show what is known about their items.
  public var withAttributes = false
  /// How many threads search, at least 1.
  public var threads = 1
  /// Whether rows that cannot be searched for get a line that says why, where otherwise they end the scan.
  public var skipsBadRows = false
  /// Whether a scan that was begun is thrown away.
  public var restarts = false
  /// Whether an output that exists is replaced.
  public var overwrites = false
  /// How much work may be lost to a crash, in time.
  public var checkpointInterval = Duration.seconds(2)

  /// A scan for the ten nearest.
  public init(catalogue: String, inputs: [String], output: String) {
    (self.catalogue, self.inputs, self.output) = (catalogue, inputs, output)
  }
}

/// How far a scan is.
public struct ScanProgress: Sendable {
  /// Rows of the inputs that are done.
  public let done: Int
  /// All rows; nil where the files do not tell before their end.
  public let total: Int?
  /// Rows that earlier runs had done.
  public let resumed: Int
}

/// What a scan did, earlier runs that it went on from included.
public struct ScanReport: Sendable {
  /// Vectors that were searched for.
  public let queries: Int
  /// Hits that were written.
  public let hits: Int
  /// Rows that could not be searched for.
  public let refused: Int
  /// Rows that earlier runs had done.
  public let resumed: Int
  /// The revision of the catalogue that was searched.
  public let sequence: Int64
  /// How long this run took.
  public let duration: Duration
  /// The files that were written.
  public let files: [String]

  /// Vectors that this run searched for in a second.
  public var rate: Double { Double(queries + refused - resumed) / max(duration / .seconds(1), 1e-9) }
}
