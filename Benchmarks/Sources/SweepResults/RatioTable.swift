import Foundation

/// The one table: every figure of every system as a ratio over the yardstick's.
public struct RatioTable: Sendable {
  /// One figure of all systems.
  public struct Row: Sendable {
    /// What was measured, and which direction is good.
    public var label: String
    /// What ratios are taken over, in words.
    public var base: String
    /// The ratios, one a system; nil where a system never gets there or was not asked.
    public var ratios: [Cell]
  }

  /// What stands in the table for one system.
  public enum Cell: Hashable, Sendable {
    /// How many times the base.
    case ratio(Double)
    /// A recall, which is no ratio.
    case recall(Double)
    /// The system was measured but reaches the recall at no effort.
    case never
    /// Not measured.
    case missing
  }

  /// The systems, in the order of the columns.
  public let systems: [String]
  /// The figures.
  public private(set) var rows: [Row] = []

  private let run: SweepRun
  private let yardstick: MeasuredSystem?

  /// The recalls at which speeds are compared.
  public static let recalls = [0.95, 0.99, 0.999]

  /// Compares the systems of a run.
  ///
  /// - Parameters:
  ///   - run: All systems, measured over the same data.
  ///   - yardstick: How the name of the system begins that the others are compared with.
  public init(_ run: SweepRun, over yardstick: String = MeasuredSystem.yardstick) {
    self.run = run
    self.yardstick = run.systems.first { $0.name.hasPrefix(yardstick) }
    systems = run.systems.map(\.name)
    addSpeeds()
    addDelivered()
    addSizes()
    addFilters()
    addOwn()
  }

  private mutating func addSpeeds() {
    for recall in Self.recalls {
      add("one at a time, QPS at \(short(recall))", over: yardstick, unit: "/s") { system in
        Self.speed(system, .single, recall)
      }
    }
    for recall in Self.recalls {
      let fastest = batchPeers.max {
        $0.qps(.batch, recall) ?? 0 < $1.qps(.batch, recall) ?? 0
      }
      add(
        "batch, QPS at \(short(recall)), over the best of hnswlib, faiss IVF, ScaNN", over: fastest, named: true,
        unit: "/s"
      ) { system in
        Self.speed(system, .batch, recall)
      }
    }
    for (name, figure) in [("p50", \SweepPoint.p50Us), ("p99", \.p99Us), ("p99.9", \.p999Us)] {
      add("latency \(name) at .95 (less is better)", over: yardstick, unit: "µs") { system in
        let points = system.points(.single)
        guard !points.isEmpty else { return .missing }
        return Frontier(points).value(atRecall: 0.95, of: figure).map(Measure.value) ?? .never
      }
    }
  }

  /// What was found where a recall was asked for.
  private mutating func addDelivered() {
    for asked in [0.95, 0.99] {
      let cells = run.systems.map { system -> Cell in
        let point = system.points(.single).first { $0.askedRecall == asked }
        return point.map { .recall($0.recall) } ?? .missing
      }
      append("recall delivered where \(short(asked)) is asked for", base: "no ratio", cells)
    }
  }

  /// The peers whose batch calls are meant to be fast.
  private var batchPeers: [MeasuredSystem] {
    run.systems.filter { $0.name.hasPrefix("hnswlib") || $0.name.hasPrefix("faiss IVF") || $0.name.hasPrefix("ScaNN") }
  }

  private mutating func addSizes() {
    add("build, processor time (less is better)", over: yardstick, unit: "s") { .init($0.build?.seconds) }
    add("memory (less is better)", over: yardstick, unit: "MB") { .init($0.memoryBytes.map { Double($0) / 1e6 }) }
    add("on disk (less is better)", over: yardstick, unit: "MB") { .init($0.diskBytes.map { Double($0) / 1e6 }) }
    add("open to first answer (less is better)", over: yardstick, unit: "ms") {
      .init($0.openSeconds.map { $0 * 1000 })
    }
  }

  private mutating func addFilters() {
    guard let yardstick, let unfiltered = yardstick.qps(.single, 0.95) else { return }
    for filter in filters(.single) {
      let share = String(format: "%.3g %%", filter.share * 100)
      let label = "filter: \(filter.name) (\(share) of rows), QPS at .95"
      append(label, base: "\(yardstick.name) unfiltered \(number(unfiltered)) /s", over: unfiltered) { system in
        Self.speed(system, .single, 0.95, filter: filter.name)
      }
    }
  }

  /// What only ours is asked for: more threads and thresholds.
  private mutating func addOwn() {
    for system in run.systems where system.isOurs {
      for mode in [Sweep.Mode.single, .batch] {
        guard let one = Frontier(system.points(mode)).wallQps(atRecall: 0.95) else { continue }
        guard let two = Frontier(system.points(mode, threads: 2)).wallQps(atRecall: 0.95) else { continue }
        let words = mode == .single ? "one at a time" : "batch"
        append(
          "two threads, \(words), QPS at .95 in time that passes", base: "\(system.name), one thread \(number(one)) /s",
          over: one
        ) { $0.name == system.name ? .value(two) : .missing }
      }
    }
    guard let yardstick, let speed = yardstick.qps(.single, 0.95) else { return }
    for filter in filters(.threshold) {
      append(
        "threshold: \(filter.name), QPS at .99", base: "\(yardstick.name) nearest at .95 \(number(speed)) /s",
        over: speed
      ) { Self.speed($0, .threshold, 0.99, filter: filter.name) }
    }
  }

  private func filters(_ mode: Sweep.Mode) -> [Sweep.Filter] {
    var found: [Sweep.Filter] = []
    for sweep in run.systems.flatMap(\.sweeps) where sweep.mode == mode {
      if let filter = sweep.filter, !found.contains(where: { $0.name == filter.name }) { found.append(filter) }
    }
    return found
  }

  private mutating func add(
    _ label: String, over base: MeasuredSystem?, named: Bool = false, unit: String,
    _ measure: (MeasuredSystem) -> Measure
  ) {
    guard let base, case .value(let amount) = measure(base), amount > 0 else { return }
    append(label, base: "\(base.name) \(number(amount)) \(unit)", over: amount, measure)
  }

  private mutating func append(
    _ label: String, base: String, over amount: Double, _ measure: (MeasuredSystem) -> Measure
  ) {
    let cells = run.systems.map { system -> Cell in
      switch measure(system) {
      case .value(let value): .ratio(value / amount)
      case .never: .never
      case .missing: .missing
      }
    }
    append(label, base: base, cells)
  }

  private mutating func append(_ label: String, base: String, _ cells: [Cell]) {
    guard cells.contains(where: { $0 != .missing }) else { return }
    rows.append(Row(label: label, base: base, ratios: cells))
  }

  private enum Measure {
    case value(Double)
    case never
    case missing

    init(_ value: Double?) {
      self = value.map(Measure.value) ?? .missing
    }
  }

  private static func speed(
    _ system: MeasuredSystem, _ mode: Sweep.Mode, _ recall: Double, filter: String? = nil
  ) -> Measure {
    let points = system.points(mode, filter: filter)
    guard !points.isEmpty else { return .missing }
    return Frontier(points).qps(atRecall: recall).map(Measure.value) ?? .never
  }
}

extension MeasuredSystem {
  func qps(_ mode: Sweep.Mode, _ recall: Double) -> Double? { Frontier(points(mode)).qps(atRecall: recall) }
}

/// A recall as people write it: .95.
private func short(_ recall: Double) -> String { String("\(recall)".dropFirst()) }

/// A figure with three digits that mean something.
func number(_ value: Double) -> String {
  value >= 1000 ? grouped(Int(value.rounded())) : String(format: "%.3g", value)
}

private func grouped(_ value: Int) -> String {
  let digits = String(value)
  return String(digits.reversed().enumerated().flatMap { $0 > 0 && $0 % 3 == 0 ? [",", $1] : [$1] }.reversed())
}
