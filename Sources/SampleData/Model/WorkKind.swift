/// The kinds of works in the register.
enum WorkKind: String, CaseIterable {
  case illustration, character, background, film, comic

  /// How many pictures a work of the kind has.
  var pictureCounts: ClosedRange<Int> {
    switch self {
    case .illustration: 3...6
    case .character: 5...9
    case .background: 3...5
    case .film: 10...16
    case .comic: 8...14
    }
  }

  /// How far the pictures of one work lie apart.
  var variety: Double {
    switch self {
    case .illustration: 0.66
    case .character: 0.56
    case .background: 0.62
    case .film: 0.58
    case .comic: 0.7
    }
  }
}
