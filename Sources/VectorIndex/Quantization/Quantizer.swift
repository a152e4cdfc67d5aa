import VectorKernels

/// Turns vectors into short codes, and queries into what codes are compared with.
///
/// A code keeps a few bits of every coordinate of the mapped vector, with one step for all coordinates of all rows. The inner product of
/// a code with a query in bytes, an integer, estimates the inner product of the vectors; nothing else is needed where all rows are
/// equally long. Where they are not, codes describe directions, and two numbers a row, its ``RowTerm``, do the rest.
@safe
public final class Quantizer: Sendable {
  /// What a code consists of.
  public let format: CodeFormat
  /// How a row is seen before it is coded.
  let form: VectorForm
  /// How far apart two neighbouring codes of a coordinate are.
  let step: Float
  /// Whether codes are of directions, with lengths beside them.
  let hasTerms: Bool
  /// The length that all rows have where there are no terms, else their mean length.
  let commonNorm: Float
  /// Where the rotation's signs come from.
  let seed: UInt64
  let rotation: HadamardRotation?
  let projection: Projection?

  /// Coordinates a code.
  var codeDimension: Int { format.codeDimension(ofInput: form.dimension) }
  /// Bytes a code.
  var rowBytes: Int { format.bits.rowBytes(dimension: codeDimension) }

  init(
    format: CodeFormat, form: VectorForm, step: Float, hasTerms: Bool, commonNorm: Float, seed: UInt64,
    projection: Projection? = nil
  ) {
    self.format = format
    self.form = form
    self.step = step
    self.hasTerms = hasTerms
    self.commonNorm = commonNorm
    self.seed = seed
    self.projection = projection
    rotation =
      format.map == .rotation ? HadamardRotation(inputDimension: form.dimension, seed: seed) : nil
    precondition((rotation == nil) == (projection != nil), "a projection belongs to its format")
  }

  /// The best uniform step for Gaussian coordinates, in standard deviations (Max 1960).
  static func relativeStep(_ bits: CodeBits) -> Float {
    switch bits {
    case .one: 1.596
    case .two: 0.996
    case .three: 0.586
    case .four: 0.335
    // Not the optimum, 0.031, but four deviations each way: few coordinates are cut off, and the error is small anyway.
    case .eight: 0.0315
    }
  }

  /// Maps vectors of this form.
  ///
  /// - Parameters:
  ///   - vectors: Rows of the form's stride; they are overwritten.
  ///   - count: How many.
  ///   - mapped: Room for ``codeDimension`` floats a row; used by projections only.
  /// - Returns: Where the mapped vectors are, and how many floats lie between them.
  func map(
    _ vectors: UnsafeMutablePointer<Float>, count: Int, mapped: UnsafeMutablePointer<Float>
  ) -> (base: UnsafePointer<Float>, stride: Int) {
    // SAFETY: the caller gives `count` vectors of the form's stride, which is the rotation's dimension, and the room for the result.
    if let rotation {
      for row in 0..<count { unsafe rotation.apply(vectors + row * form.stride) }
      return unsafe (UnsafePointer(vectors), form.stride)
    }
    if let projection {
      unsafe projection.apply(
        UnsafeMatrix(vectors, rows: count, columns: form.dimension, stride: form.stride),
        into: UnsafeMutableMatrix(mapped, rows: count, columns: projection.dimension))
    }
    return unsafe (UnsafePointer(mapped), codeDimension)
  }

  /// The numbers beside a code.
  func term(norm: Float) -> RowTerm {
    switch form.metric {
    case .cosine, .innerProduct: RowTerm(scale: norm, offset: 0)
    case .euclidean: RowTerm(scale: 2 * norm, offset: norm * norm)
    }
  }
}

/// What estimating a distance needs of a row beside its code: distance = offset − scale · (inner product with the row's direction).
struct RowTerm: BitwiseCopyable, Sendable {
  var scale: Float
  var offset: Float
}
