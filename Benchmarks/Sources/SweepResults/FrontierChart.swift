import Foundation

/// Speed against recall of all systems, as one SVG picture.
///
/// Recall is drawn as the number of nines, so that .9, .99 and .999 stand equally far apart; speed is logarithmic.
public struct FrontierChart {
  private let title: String
  private let lines: [(name: String, points: [SweepPoint])]
  private let recalls: ClosedRange<Double>
  private let speeds: ClosedRange<Double>

  private static let size = (width: 900.0, height: 560.0)
  private static let plot = (left: 78.0, right: 640.0, top: 54.0, bottom: 496.0)
  /// Told apart by most eyes (Okabe and Ito); ours is the first.
  private static let colours = ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c6d31"]
  private static let ticks = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995]

  /// Draws one way of asking.
  ///
  /// - Parameters:
  ///   - run: All systems, measured over the same data.
  ///   - mode: The way of asking.
  public init(_ run: SweepRun, mode: Sweep.Mode = .single) {
    let words = mode == .batch ? "in one batch call" : "one query at a time"
    title =
      "\(run.data.name): \(number(Double(run.data.rows))) × \(run.data.dimension), k = \(run.data.k), \(words), one thread"
    let drawn = run.systems.compactMap { system -> (name: String, points: [SweepPoint])? in
      let points = Frontier(system.points(mode)).points.filter { $0.recall >= 0.7 }
      return points.isEmpty ? nil : (system.name, points)
    }
    lines = drawn
    let all = drawn.flatMap(\.points)
    let best = min(max(all.map(\.recall).max() ?? 0.99, 0.99), Self.mostRecall)
    recalls = min(all.map(\.recall).min() ?? 0.7, 0.9)...best
    let slowest = all.map(\.qps).min() ?? 100
    let fastest = all.map(\.qps).max() ?? 1000
    speeds = slowest / 1.25...fastest * 1.25
  }

  /// A full recall has no place on the axis; it is drawn at its end.
  private static let mostRecall = 0.9998

  /// The picture.
  public var svg: String {
    let size = Self.size
    let open =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(size.width)) \(Int(size.height))\" "
      + "font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\" font-size=\"13\">"
    let paper = "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    let heading = text(title, x: Self.plot.left, y: 28, size: 16)
    let parts = [open, paper, heading] + grid + lines.indices.map(line) + lines.indices.map(legend) + ["</svg>"]
    return parts.joined(separator: "\n") + "\n"
  }

  private var grid: [String] {
    let plot = Self.plot
    var parts: [String] = []
    for recall in Self.ticks where recalls.contains(recall) {
      let at = x(recall)
      parts.append(rule(at, plot.top, at, plot.bottom))
      parts.append(text("\(recall)", x: at, y: plot.bottom + 20, anchor: "middle"))
    }
    for speed in speedTicks {
      let at = y(speed)
      parts.append(rule(plot.left, at, plot.right, at))
      parts.append(text(number(speed), x: plot.left - 8, y: at + 4.5, anchor: "end"))
    }
    let middle = (plot.left + plot.right) / 2
    parts.append(text("recall (each nine takes the same width)", x: middle, y: plot.bottom + 44, anchor: "middle"))
    let turned = "transform=\"rotate(-90 16 \((plot.top + plot.bottom) / 2))\""
    let label = "queries a second of processor time"
    parts.append(text(label, x: 16, y: (plot.top + plot.bottom) / 2, anchor: "middle", more: turned))
    return parts
  }

  private var speedTicks: [Double] {
    (0..<8).flatMap { power in [1, 2, 5].map { $0 * pow(10, Double(power)) } }.filter(speeds.contains)
  }

  private func line(_ index: Int) -> String {
    let colour = colour(index)
    let places = lines[index].points.map { (x($0.recall), y($0.qps)) }
    let path = places.map { "\(short($0.0)),\(short($0.1))" }.joined(separator: " ")
    let width = lines[index].name.hasPrefix("Kagami") ? 3.5 : 2
    let dots = places.map {
      "<circle cx=\"\(short($0.0))\" cy=\"\(short($0.1))\" r=\"\(short(width + 1))\" fill=\"\(colour)\"/>"
    }
    let stroke = "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"\(width)\"/>"
    return ([stroke] + dots).joined()
  }

  private func legend(_ index: Int) -> String {
    let (left, top) = (Self.plot.right + 18, Self.plot.top + 14 + Double(index) * 24)
    let mark = "<rect x=\"\(left)\" y=\"\(top - 9)\" width=\"14\" height=\"10\" fill=\"\(colour(index))\"/>"
    return mark + text(lines[index].name, x: left + 22, y: top)
  }

  /// Ours has the first colour, whether it is drawn or not.
  private func colour(_ index: Int) -> String {
    let shift = lines[0].name.hasPrefix("Kagami") ? 0 : 1
    return Self.colours[(index + shift) % Self.colours.count]
  }

  private func x(_ recall: Double) -> Double {
    func nines(_ recall: Double) -> Double { -log10(1 - min(recall, Self.mostRecall)) }
    let (low, high) = (nines(recalls.lowerBound), nines(recalls.upperBound))
    return Self.plot.left + 10 + (nines(recall) - low) / (high - low) * (Self.plot.right - Self.plot.left - 20)
  }

  private func y(_ speed: Double) -> Double {
    let (low, high) = (log(speeds.lowerBound), log(speeds.upperBound))
    return Self.plot.bottom - (log(speed) - low) / (high - low) * (Self.plot.bottom - Self.plot.top)
  }

  private func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    "<line x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" y2=\"\(short(y2))\" stroke=\"#dddddd\"/>"
  }

  private func text(
    _ text: String, x: Double, y: Double, anchor: String = "start", size: Int? = nil, more: String = ""
  ) -> String {
    let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    let font = size.map { " font-size=\"\($0)\"" } ?? ""
    return "<text x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\"\(font) \(more)>\(escaped)</text>"
  }

  private func short(_ value: Double) -> String { String(format: "%.1f", value) }
}
