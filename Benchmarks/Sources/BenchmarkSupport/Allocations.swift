import CAllocationCounter

/// Counts memory allocations: a figure that no other load on the machine changes.
public enum Allocations {
  /// The allocations of one of many equal steps, on average; nil where they cannot be counted.
  ///
  /// - Parameters:
  ///   - steps: How many steps are counted, after as many that are not: what grows once has then grown.
  ///   - step: Gets the number of the step.
  /// - Returns: Allocations of the whole process for each step.
  /// - Throws: What `step` throws.
  public static func perStep(_ steps: Int, _ step: (Int) throws -> Void) rethrows -> Double? {
    for number in 0..<steps { try step(number) }
    let before = ka_count()
    for number in 0..<steps { try step(number) }
    return ka_is_counting() ? Double(ka_count() - before) / Double(steps) : nil
  }
}
