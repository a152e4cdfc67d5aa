/// How strongly a picture was edited.
enum EditLevel: String, CaseIterable {
  case light, medium, heavy

  /// The strengths of the level, in lengths of the original.
  var strengths: ClosedRange<Double> {
    switch self {
    case .light: 0.25...1.45
    case .medium: 0.95...2.2
    case .heavy: 1.35...2.7
    }
  }
}
