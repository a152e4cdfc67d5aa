/// What one run measured: the content of one file of `results/`.
///
/// The scripts of `peers/` write the same fields; `Benchmarks/README.md` lists them.
public struct SweepRun: Codable, Sendable {
  /// Which fields a file has.
  public static let schema = "kagami-sweep/1"

  /// See ``schema``.
  public var schema = SweepRun.schema
  /// Processor and number of processors.
  public var machine: String
  /// What was searched.
  public var data: DataDescription
  /// What searched it.
  public var systems: [MeasuredSystem]

  /// Creates the content of a file.
  public init(machine: String, data: DataDescription, systems: [MeasuredSystem]) {
    self.machine = machine
    self.data = data
    self.systems = systems
  }
}

/// A set of rows and queries, and what is asked of it.
public struct DataDescription: Codable, Hashable, Sendable {
  /// The name of the folder.
  public var name: String
  /// How many rows are searched.
  public var rows: Int
  /// Numbers a row.
  public var dimension: Int
  /// How many queries are asked.
  public var queries: Int
  /// How closeness is measured: `ip`, `cosine` or `l2`.
  public var metric: String
  /// How many neighbours are wanted.
  public var k: Int

  /// Describes a set.
  public init(name: String, rows: Int, dimension: Int, queries: Int, metric: String, k: Int) {
    self.name = name
    self.rows = rows
    self.dimension = dimension
    self.queries = queries
    self.metric = metric
    self.k = k
  }

  /// Whether figures of the two may stand in one table.
  public func isComparable(to other: DataDescription) -> Bool {
    (rows, dimension, metric, k) == (other.rows, other.dimension, other.metric, other.k) && name == other.name
  }
}

extension SweepRun {
  /// Reads a file.
  ///
  /// - Throws: `SweepRunError` with the file's name.
  public static func read(_ path: String) throws -> SweepRun {
    do {
      let run = try FigureFile.read(SweepRun.self, path)
      guard run.schema == schema else { throw SweepRunError.unreadable(path, "its schema is \(run.schema)") }
      return run
    } catch let error as SweepRunError {
      throw error
    } catch {
      throw SweepRunError.unreadable(path, "\(error)")
    }
  }

  /// Writes a file.
  public func write(_ path: String) throws {
    try FigureFile.write(self, path)
  }

  /// Puts the figures of several runs over the same data into one.
  ///
  /// A point measured more than once keeps its fastest time: others on the machine only ever slow a run down. Ours come first, then the yardstick,
  /// then the others by name, so that columns and colours are the same in every run.
  ///
  /// - Throws: `SweepRunError` where two runs searched different data or built a system differently.
  public static func merging(_ runs: [SweepRun]) throws -> SweepRun {
    guard var merged = runs.first else { throw SweepRunError.empty }
    for run in runs.dropFirst() {
      guard run.data.isComparable(to: merged.data) else {
        throw SweepRunError.different("\(merged.data)", "\(run.data)")
      }
      for system in run.systems {
        if let at = merged.systems.firstIndex(where: { $0.name == system.name }) {
          let (one, other) = (merged.systems[at].parameters, system.parameters)
          guard one == nil || other == nil || one == other else {
            throw SweepRunError.different("\(system.name) with \(one ?? "")", other ?? "")
          }
          merged.systems[at].merge(system)
        } else {
          merged.systems.append(system)
        }
      }
    }
    merged.systems.sort { ($0.rank, $0.name) < ($1.rank, $1.name) }
    return merged
  }
}

/// Why files of figures cannot be reported.
public enum SweepRunError: Error, CustomStringConvertible {
  /// A file that is none of ours.
  case unreadable(String, String)
  /// No file at all.
  case empty
  /// Two files about different data, or about one system with different parameters.
  case different(String, String)

  /// The sentence that a person reads.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path) is no file of figures: \(reason)"
    case .empty: "there is no file of figures; name at least one"
    case .different(let one, let other): "figures of different things cannot stand in one table: \(one) and \(other)"
    }
  }
}
