/// Finds the name that was probably meant.
enum Nearest {
  /// The known name with the fewest edits to a misspelt one, where few suffice.
  ///
  /// Few are half of the longer name's length, rounded down, so that one letter is never taken for another.
  ///
  /// - Complexity: O(known · length²).
  static func name(to misspelt: String, among known: [String]) -> String? {
    guard misspelt.utf8.count <= 64 else { return nil }
    let typed = Array(misspelt.utf8)
    let best = known.map { (name: $0, edits: edits(typed, Array($0.utf8))) }.min { $0.edits < $1.edits }
    guard let best, best.edits <= max(best.name.utf8.count, typed.count) / 2 else { return nil }
    return best.name
  }

  /// Levenshtein's distance of two short names.
  static func edits(_ a: String, _ b: String) -> Int { edits(Array(a.utf8), Array(b.utf8)) }

  /// Levenshtein's distance.
  private static func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let substituted = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
