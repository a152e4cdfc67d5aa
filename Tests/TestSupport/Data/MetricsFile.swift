/// A text in Prometheus' exposition format, read by the letter.
public struct MetricsFile {
  /// Values by name and labels, as they are written: `kagami_errors_total{kind="stale"}`.
  public private(set) var values: [String: Double] = [:]
  /// Kinds by name of the metric.
  public private(set) var kinds: [String: String] = [:]
  /// What is wrong with it.
  public private(set) var objections: [String] = []
  private var helped: Set<String> = []
  private var ended: Set<String> = []
  private var current = ""

  /// Reads a text.
  public init(_ text: String) {
    if !text.hasSuffix("\n") { objections.append("the last line does not end") }
    for line in text.split(separator: "\n") { read(String(line)) }
  }

  private mutating func read(_ line: String) {
    if let match = line.wholeMatch(of: /# HELP ([a-z_:][a-z0-9_:]*) (\S.*)/) {
      if !helped.insert(String(match.1)).inserted { objections.append("second help: \(line)") }
    } else if let match = line.wholeMatch(of: /# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge|summary)/) {
      let name = String(match.1)
      if !helped.contains(name) { objections.append("no help before: \(line)") }
      if kinds[name] != nil || !ended.insert(current).inserted { objections.append("second type: \(line)") }
      (kinds[name], current) = (String(match.2), name)
      if match.2 == "counter", !name.hasSuffix("_total") { objections.append("a counter ends in _total: \(line)") }
      if !name.hasPrefix("kagami_") { objections.append("a name begins with kagami_: \(line)") }
    } else if let match = line.wholeMatch(
      of: /([a-z_:][a-z0-9_:]*)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+)\})? (\S+)/)
    {
      read(name: String(match.1), labels: match.2.map(String.init) ?? "", value: String(match.3), line)
    } else {
      objections.append("not understood: \(line)")
    }
  }

  private mutating func read(name: String, labels: String, value: String, _ line: String) {
    let isSummary = kinds[current] == "summary"
    let names = isSummary ? [current, "\(current)_sum", "\(current)_count"] : [current]
    if !names.contains(name) { objections.append("outside its metric: \(line)") }
    if isSummary, name == current, !labels.contains("quantile=") { objections.append("no quantile: \(line)") }
    guard let number = Double(value) else { return objections.append("no number: \(line)") }
    let place = labels.isEmpty ? name : "\(name){\(labels)}"
    if values.updateValue(number, forKey: place) != nil { objections.append("stands twice: \(line)") }
  }
}
