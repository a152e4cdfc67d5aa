/// What a build of the index came to.
public struct BuildAnswer: Sendable, Hashable, Decodable {
  /// The number of the snapshot that is in force now.
  public var snapshot: Int
  /// The revision that it shows.
  public var seq: Int
  /// Rows in it.
  public var rows: Int
  /// Bytes of its file.
  public var bytes: Int
  /// How long it took.
  public var seconds: Double
}

/// What a compaction came to.
public struct CompactAnswer: Sendable, Hashable, Decodable {
  /// Rows that are left.
  public var rows: Int
  /// Rows of removed items that went.
  public var rowsRemoved: Int
  /// Bytes that the disk has back.
  public var bytesReclaimed: Int
  /// Whether nothing of removed rows is left in the record's log; not where others read it just then.
  public var logEmptied: Bool
  /// The revision afterwards.
  public var seq: Int
  /// The snapshot of the index that was built for the new rows, where there had been one.
  public var snapshot: Int?

  private enum CodingKeys: String, CodingKey {
    case rows, seq, snapshot
    case rowsRemoved = "rows_removed"
    case bytesReclaimed = "bytes_reclaimed"
    case logEmptied = "log_emptied"
  }
}

/// What an engine counted since its start.
public struct EngineStatistics: Sendable, Hashable {
  /// What was counted of one method.
  public struct Method: Sendable, Hashable, Decodable {
    /// Requests that were answered.
    public var requests: Int
    /// Those that were answered with an error.
    public var errors: Int
    /// Microseconds from receipt until the answer was ready: `p50`, `p90`, `p99`, `p99_9`, `max`.
    public var latency: [String: Double]

    private enum CodingKeys: String, CodingKey {
      case requests, errors
      case latency = "latency_us"
    }
  }

  /// Lines that were read.
  public var requests: Int
  /// Answers that were errors.
  public var errors: Int
  /// Requests without an answer.
  public var unanswered: Int
  /// Memory that is not swapped out, mapped files included.
  public var residentBytes: Int
  /// By name, the methods that were asked.
  public var methods: [String: Method]
  /// Everything that the engine said, by its names on the wire.
  public var all: [String: JSONValue]
}

extension EngineStatistics: Decodable {
  private enum CodingKeys: String, CodingKey {
    case requests, errors, unanswered, methods
    case residentBytes = "resident_bytes"
  }

  /// Reads the answer to `engine.stats`.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    requests = try fields.decode(Int.self, forKey: .requests)
    errors = try fields.decode(Int.self, forKey: .errors)
    unanswered = try fields.decode(Int.self, forKey: .unanswered)
    residentBytes = try fields.decode(Int.self, forKey: .residentBytes)
    methods = try fields.decode([String: Method].self, forKey: .methods)
    all = try decoder.singleValueContainer().decode([String: JSONValue].self)
  }
}
