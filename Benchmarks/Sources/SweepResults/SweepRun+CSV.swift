extension SweepRun {
  /// All points, one a line.
  public var csv: String {
    var lines = ["system,mode,threads,filter,share,effort,asked_recall,recall,qps,wall_qps,p50_us,p99_us,p999_us"]
    for system in systems {
      for sweep in system.sweeps {
        let start = [
          system.name, sweep.mode.rawValue, "\(sweep.threads)", sweep.filter?.name ?? "",
          sweep.filter.map { "\($0.share)" } ?? "",
        ]
        for point in sweep.points {
          let figures: [Double?] = [
            point.askedRecall, point.recall, point.qps, point.wallQps, point.p50Us, point.p99Us, point.p999Us,
          ]
          let cells = start + [point.effort] + figures.map { $0.map { "\($0)" } ?? "" }
          lines.append(cells.map(Self.quoted).joined(separator: ","))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
