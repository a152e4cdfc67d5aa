import CVectorKernels

/// A set of machine instructions that there are distance kernels for.
///
/// All sets give the same bits; they differ in speed only. The cases stand from slowest to fastest.
public enum InstructionSet: String, Sendable, CaseIterable {
  /// Portable C; it defines what is correct.
  case scalar
  /// arm64.
  case neon
  /// x86 with AVX2, FMA and F16C.
  case avx2
  /// x86 with AVX-512 F, BW, VL and DQ; VNNI and VPOPCNTDQ are used where present.
  case avx512

  /// The sets that this processor can run, slowest first; never empty.
  public static var available: [InstructionSet] {
    allCases.filter { kg_is_available($0.code) }
  }

  /// The fastest set that this processor can run.
  public static var best: InstructionSet {
    available.last ?? .scalar
  }

  /// The set's number in the C header.
  var code: kg_instruction_set {
    switch self {
    case .scalar: kg_scalar
    case .neon: kg_neon
    case .avx2: kg_avx2
    case .avx512: kg_avx512
    }
  }
}
