/// What a scan fills: owns *k* and the rule of what is still of interest.
///
/// A scan offers every row that is not beyond ``bound``, in any order and from several workers, each with a collector of its own; the
/// partial ones are then united. To search in a new way, write a collector and leave the scan alone.
protocol ResultCollector: Sendable {
  /// Rows at a greater distance are of no interest. Never grows.
  var bound: Float { get }

  /// How many rows the collector holds at most, where the bound is the worst of its so many best rows; nil for other rules.
  ///
  /// Lets a scan tighten the bound of a first block before it computes exact distances.
  var capacity: Int? { get }

  /// Considers a row whose distance is at most ``bound``.
  mutating func offer(_ neighbor: Neighbor)

  /// Takes over what another collector, of other rows, found.
  mutating func unite(_ other: Self)
}
