/// One kind of index with fixed parameters, and all that was measured about it.
public struct MeasuredSystem: Codable, Sendable {
  /// What tables and plot call it.
  public var name: String
  /// The version that was installed.
  public var version: String?
  /// What it was built with, as text.
  public var parameters: String?
  /// How long it took to build.
  public var build: BuildTime?
  /// What a searching process holds resident beside the programme itself.
  public var memoryBytes: Int?
  /// What the index takes in files.
  public var diskBytes: Int?
  /// Seconds from opening the files to the first answer.
  public var openSeconds: Double?
  /// The figures, one list for each way of asking.
  public var sweeps: [Sweep]

  /// Describes a system of which nothing is measured yet.
  public init(name: String, version: String? = nil) {
    self.name = name
    self.version = version
    sweeps = []
  }

  /// How the name of the system begins that others are compared with.
  public static let yardstick = "hnswlib"

  /// Whether it is one of ours.
  public var isOurs: Bool { name.hasPrefix("Kagami") }

  /// Ours come first, then the yardstick.
  var rank: Int { isOurs ? 0 : name.hasPrefix(Self.yardstick) ? 1 : 2 }

  /// The points of one way of asking; empty if it was not measured.
  ///
  /// - Parameters:
  ///   - mode: How queries were handed over.
  ///   - threads: How many threads searched.
  ///   - filter: The name of a filter, or nil.
  /// - Returns: The points, in the order of effort.
  public func points(_ mode: Sweep.Mode, threads: Int = 1, filter: String? = nil) -> [SweepPoint] {
    sweeps.first { $0.mode == mode && $0.threads == threads && $0.filter?.name == filter }?.points ?? []
  }

  /// Adds the figures of another run of the same system.
  mutating func merge(_ other: MeasuredSystem) {
    if let build = other.build, build.seconds < self.build?.seconds ?? .infinity { self.build = build }
    memoryBytes = memoryBytes ?? other.memoryBytes
    diskBytes = other.diskBytes ?? diskBytes
    openSeconds = [openSeconds, other.openSeconds].compactMap(\.self).min()
    for sweep in other.sweeps {
      if let at = sweeps.firstIndex(where: { $0.asksLike(sweep) }) {
        sweeps[at].merge(sweep)
      } else {
        sweeps.append(sweep)
      }
    }
  }
}

/// How long a build took.
public struct BuildTime: Codable, Sendable {
  /// Processor time, of all threads.
  public var seconds: Double
  /// Time that passed.
  public var wallSeconds: Double
  /// How many threads built.
  public var threads: Int

  /// Creates the times of a build.
  public init(seconds: Double, wallSeconds: Double, threads: Int) {
    self.seconds = seconds
    self.wallSeconds = wallSeconds
    self.threads = threads
  }

  /// Reads the times that an earlier run noted.
  public static func read(_ path: String) throws -> BuildTime { try FigureFile.read(BuildTime.self, path) }

  /// Notes the times in a file.
  public func write(_ path: String) throws { try FigureFile.write(self, path) }
}

/// The figures of one way of asking, from little effort to much.
public struct Sweep: Codable, Sendable {
  /// How queries are handed over.
  public enum Mode: String, Codable, Sendable {
    /// One a call.
    case single
    /// All in one call.
    case batch
    /// One a call, for everything within a distance.
    case threshold
  }

  /// Which rows queries may find.
  public struct Filter: Codable, Hashable, Sendable {
    /// What tables call it.
    public var name: String
    /// The share of all rows that a query may find, on average.
    public var share: Double

    /// Names a filter.
    public init(name: String, share: Double) {
      self.name = name
      self.share = share
    }
  }

  /// How queries were handed over.
  public var mode: Mode
  /// How many threads searched.
  public var threads: Int
  /// Which rows queries might find; nil for all.
  ///
  /// A threshold search names its threshold here, and the share of the rows that lie within it.
  public var filter: Filter?
  /// The figures.
  public var points: [SweepPoint]

  /// Creates the figures of one way of asking.
  public init(mode: Mode, threads: Int = 1, filter: Filter? = nil, points: [SweepPoint]) {
    self.mode = mode
    self.threads = threads
    self.filter = filter
    self.points = points
  }

  func asksLike(_ other: Sweep) -> Bool {
    (mode, threads, filter?.name) == (other.mode, other.threads, other.filter?.name)
  }

  mutating func merge(_ other: Sweep) {
    for point in other.points {
      if let at = points.firstIndex(where: { $0.isRepeated(by: point) }) {
        if point.qps > points[at].qps { points[at] = point }
      } else {
        points.append(point)
      }
    }
  }
}

/// What one effort gave.
public struct SweepPoint: Codable, Sendable {
  /// The setting of the search knob, as text.
  public var effort: String
  /// The share of the exact answer that was found.
  public var recall: Double
  /// The recall that was asked for, where the setting is one.
  public var askedRecall: Double?
  /// Queries a second of processor time.
  public var qps: Double
  /// Queries a second of time that passed.
  public var wallQps: Double
  /// The median processor time of a query, in µs.
  public var p50Us: Double?
  /// The processor time that 99 of 100 queries stay below, in µs.
  public var p99Us: Double?
  /// The processor time that 999 of 1,000 queries stay below, in µs.
  public var p999Us: Double?

  /// Whether another point is the same one in another run.
  ///
  /// One that found something else was measured on another index, and both stay.
  func isRepeated(by other: SweepPoint) -> Bool { effort == other.effort && abs(recall - other.recall) < 0.001 }

  /// Creates a point.
  public init(effort: String, recall: Double, qps: Double, wallQps: Double) {
    self.effort = effort
    self.recall = recall
    self.qps = qps
    self.wallQps = wallQps
  }
}
