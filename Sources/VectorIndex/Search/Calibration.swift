/// Which beam reaches which recall, as measured when the index was built.
struct Calibration: Hashable, Sendable {
  /// A beam and what it found.
  struct Point: Hashable, Sendable {
    var width: Int
    var recall: Double
  }

  /// Ascending by width.
  var points: [Point]
}
