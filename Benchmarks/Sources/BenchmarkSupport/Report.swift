import Foundation

/// Figures of one run: printed as they come, and kept as JSON.
public struct Report {
  private let name: String
  private var figures: [(name: String, value: Double, unit: String, goal: String?)] = []

  private let conditions: String

  /// A report of the benchmark with that name.
  ///
  /// - Parameters:
  ///   - name: What is measured.
  ///   - conditions: What the figures depend on beside the machine, such as the library that computes products.
  public init(_ name: String, conditions: String = "") {
    self.name = name
    self.conditions = conditions
    print([Machine.description, conditions].filter { !$0.isEmpty }.joined(separator: "; "))
  }

  /// Adds and prints a figure.
  public mutating func add(_ figure: String, _ value: Double, _ unit: String, goal: String? = nil) {
    figures.append((figure, value, unit, goal))
    let number = value >= 100 ? String(format: "%.0f", value) : String(format: "%.3f", value)
    let padded = figure.padding(toLength: max(64, figure.count), withPad: " ", startingAt: 0)
    print("\(padded) \(number) \(unit)" + (goal.map { "   (goal \($0))" } ?? ""))
  }

  /// Writes the figures where `--json FILE` says, if it is among the arguments.
  public func finish(arguments: [String] = CommandLine.arguments) throws {
    guard let at = arguments.firstIndex(of: "--json"), at + 1 < arguments.count else { return }
    let entries = figures.map { figure -> [String: Any] in
      var entry: [String: Any] = ["figure": figure.name, "value": figure.value, "unit": figure.unit]
      entry["goal"] = figure.goal
      return entry
    }
    var object: [String: Any] = ["benchmark": name, "machine": Machine.description, "figures": entries]
    if !conditions.isEmpty { object["conditions"] = conditions }
    let data = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
    try (data + Data("\n".utf8)).write(to: URL(fileURLWithPath: arguments[at + 1]))
  }
}

/// What a figure was measured on.
public enum Machine {
  /// Processor and number of processors.
  public static var description: String {
    let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model =
      info.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last ?? "unknown"
    return "\(model.trimmingCharacters(in: .whitespaces)), \(ProcessInfo.processInfo.activeProcessorCount) processors"
  }
}
