import Catalogue
import Foundation
import VectorIndex
import VectorKernels
import WireProtocol

/// What a catalogue holds, for people and programs.
public struct CatalogueInfo: Sendable {
  private let path: String
  private let identity: CatalogueIdentity
  private let counts: CatalogueCounts
  private let sequence: Int64
  private let rowBytes: Int
  private let recordBytes: Int
  private let snapshot: Snapshot?
  private let condition: CatalogueCondition

  /// The snapshot of the index in force.
  private struct Snapshot: Sendable {
    let number: Int
    let bytes: Int
    /// Nil where it cannot be read.
    var sequence: Int64?
    var rows: Int?
    /// Codes and graph; nil where there are none.
    var graph: GraphIndex?
  }

  /// Reads it.
  ///
  /// - Parameter path: The catalogue's directory.
  /// - Throws: `CatalogueError`.
  public init(path: String) throws {
    let store = try CatalogueStore.open(at: path, access: .readOnly)
    self.path = path
    identity = store.identity
    let generation: Int64
    (counts, sequence, generation) = try store.read { (try $0.counts(), try $0.seq(), try $0.generation()) }
    rowBytes = Self.bytes(under: store.layout.rows(generation: generation))
    recordBytes = Self.bytes(of: store.layout.database) + Self.bytes(of: store.layout.log)
    let snapshot = try Self.snapshot(of: store, generation)
    self.snapshot = snapshot
    condition = CatalogueCondition(
      store, rows: Int(counts.rows), live: counts.items, covered: snapshot?.rows ?? 0)
  }

  private static func snapshot(of store: CatalogueStore, _ generation: Int64) throws -> Snapshot? {
    let directory = SnapshotDirectory(store.layout)
    guard case .number(let number) = directory.current else { return nil }
    let reader = try? SnapshotReader(path: directory.file(number), catalogue: store.rowFileID(generation: generation))
    let model = store.identity.model
    let graph = try? reader.flatMap {
      try GraphIndex.read(from: $0, dimension: model.dimension, metric: model.indexMetric)
    }
    return Snapshot(
      number: number, bytes: directory.byteCount(number), sequence: reader?.sequence, rows: reader?.rowCount,
      graph: graph)
  }

  /// Names and values, for a table.
  public var lines: [(name: String, value: String)] {
    let model = identity.model
    return [
      ("catalogue", path),
      ("id", identity.id),
      ("created", identity.createdAt),
      ("format", "\(identity.format)"),
      ("model", model.name ?? "unnamed"),
      ("vectors", "\(model.dimension) numbers, \(model.metric.rawValue), stored as \(model.storage.rawValue)"),
      (
        "items",
        "\(counts.items)" + (replaced > 0 ? " (and \(replaced) rows of items that were replaced or removed)" : "")
      ),
      ("works", "\(counts.works)"),
      ("members", "\(counts.members)"),
      ("revision", "\(sequence)"),
      ("rows on disk", Self.size(rowBytes)),
      ("record on disk", recordLine),
      (
        "reclaimable", "\(condition.removedRows) removed rows, \(Self.size(condition.reclaimableBytes))"
      ),
      ("writer", condition.writerText),
      ("SQLite", SQLiteLibrary.version + (SQLiteLibrary.note.map { "; \($0)" } ?? "")),
      ("index", indexLine),
    ] + graphLines
  }

  /// What codes and graph are, and what was measured about them.
  private var graphLines: [(name: String, value: String)] {
    guard let graph = snapshot?.graph else { return [] }
    let statistics = graph.summary
    let efforts = [0.9, 0.95, 0.99].map { target in
      let effort = graph.calibration.effort(k: 10, targetRecall: target)
      let slacks = effort.rule?.slacks
      let slack = slacks.map { String(format: "slack %.3f to %.3f", $0.lowerBound, $0.upperBound) }
      return "\(target): \(slack ?? "beam \(effort.width)")"
    }
    let others = graph.trials.dropFirst().prefix(2).map { "\($0.format) needs \($0.candidates)" }
    return [
      ("codes", "\(statistics.format), \(statistics.codeBytesPerRow) bytes a row"),
      (
        "codes tried",
        graph.trials.first.map {
          "98 % of the true ten are in the best \($0.candidates) by code" + others.map { "; \($0)" }.joined()
        }
          ?? "none; the format was given"
      ),
      (
        "graph",
        "\(statistics.rows) rows, up to \(statistics.maxDegree) edges each, \(statistics.copies) copies, "
          + "\(statistics.entryPoints) entry points"
      ),
      ("recall at ten", efforts.joined(separator: "; ")),
    ]
  }

  private var recordLine: String {
    let log = condition.logBytes
    return Self.size(recordBytes) + (log == 0 ? "" : ", \(Self.size(log)) of it in the log (WAL)")
  }

  private var indexLine: String {
    guard let snapshot else { return "none; kagami build makes one" }
    guard let sequence = snapshot.sequence, let rows = snapshot.rows else {
      return "snapshot \(snapshot.number), which cannot be used; see kagami verify"
    }
    return "snapshot \(snapshot.number) at revision \(sequence), \(rows) rows, \(Self.size(snapshot.bytes))"
      + (condition.uncoveredRows == 0
        ? "" : "; \(condition.uncoveredRows) rows came since, which every search looks at")
  }

  private var replaced: Int { Int(counts.rows) - counts.items }

  /// One JSON object.
  public var json: String {
    var out = ByteBuffer()
    let model = identity.model
    out.beginObject()
    for (name, value) in [("catalogue", path), ("id", identity.id), ("created_at", identity.createdAt)] {
      out.name(text: name)
      out.string(value)
    }
    out.name("model")
    if let name = model.name { out.string(name) } else { out.null() }
    out.name("metric")
    out.string(model.metric.rawValue)
    out.name("storage")
    out.string(model.storage.rawValue)
    let numbers = [
      ("format", Int(identity.format)), ("dimension", model.dimension), ("items", counts.items),
      ("rows", Int(counts.rows)),
      ("works", counts.works), ("members", counts.members), ("seq", Int(sequence)), ("row_bytes", rowBytes),
      ("record_bytes", recordBytes),
    ]
    for (name, value) in numbers {
      out.name(text: name)
      out.number(value)
    }
    condition.write(to: &out)
    out.member("sqlite", SQLiteLibrary.version)
    out.member("sqlite_note", SQLiteLibrary.note)
    writeIndex(to: &out)
    out.endObject()
    return String(decoding: out.bytes, as: UTF8.self)
  }

  private func writeIndex(to out: inout ByteBuffer) {
    out.name("index")
    guard let snapshot else { return out.null() }
    out.beginObject()
    out.member("snapshot", snapshot.number)
    if let sequence = snapshot.sequence { out.member("seq", Int(sequence)) }
    if let rows = snapshot.rows { out.member("rows", rows) }
    out.member("bytes", snapshot.bytes)
    if let graph = snapshot.graph {
      let summary = graph.summary
      out.name("codes")
      out.string("\(summary.format)")
      out.member("code_bytes", summary.codeBytesPerRow)
      out.member("max_degree", summary.maxDegree)
      out.member("copies", summary.copies)
      out.member("entry_points", summary.entryPoints)
      writeTrials(graph.trials, to: &out)
    }
    out.endObject()
  }

  private func writeTrials(_ trials: [FormatTrial], to out: inout ByteBuffer) {
    out.name("code_trials")
    out.beginArray()
    for trial in trials {
      out.beginObject()
      out.name("codes")
      out.string("\(trial.format)")
      out.member("bytes", trial.bytes)
      out.member("candidates_for_98_percent", trial.candidates)
      out.name("cost")
      out.number(Double(trial.cost))
      out.endObject()
    }
    out.endArray()
  }

  private static func bytes(of path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  static func bytes(under directory: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.reduce(0) { $0 + bytes(of: "\(directory)/\($1)") }
  }

  private static func size(_ bytes: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var (value, unit) = (Double(bytes), 0)
    while value >= 1024, unit + 1 < units.count { (value, unit) = (value / 1024, unit + 1) }
    return unit == 0 ? "\(bytes) bytes" : String(format: "%.1f %@", value, units[unit])
  }
}
