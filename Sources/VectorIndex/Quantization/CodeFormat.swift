import VectorKernels

/// What a row's short code consists of: which map, how many coordinates, how many bits each.
public struct CodeFormat: Hashable, Sendable {
  /// How a vector is turned before its coordinates are rounded.
  public enum Map: Hashable, Sendable {
    /// All directions, rotated: needs no training and does not care what the data looks like.
    case rotation
    /// So many leading directions, rotated; a multiple of 64.
    case projection(dimension: Int)
  }

  /// How a vector is turned.
  public var map: Map
  /// How many bits of a coordinate are kept.
  public var bits: CodeBits

  /// A format.
  public init(_ map: Map, bits: CodeBits) {
    self.map = map
    self.bits = bits
  }

  /// How many coordinates a code has.
  public func codeDimension(ofInput dimension: Int) -> Int {
    switch map {
    case .rotation: (dimension + 63) & ~63
    case .projection(let kept): kept
    }
  }

  /// The bytes of a code: whole cache lines.
  public func rowBytes(ofInput dimension: Int) -> Int {
    bits.rowBytes(dimension: codeDimension(ofInput: dimension))
  }
}

extension CodeFormat: CustomStringConvertible {
  /// For people: map, coordinates and bits.
  public var description: String {
    switch map {
    case .rotation: "rotation, \(bits.rawValue) bits"
    case .projection(let dimension): "projection to \(dimension), \(bits.rawValue) bits"
    }
  }
}
