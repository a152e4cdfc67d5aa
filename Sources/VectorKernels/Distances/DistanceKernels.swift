import CVectorKernels

/// The distance kernels of one instruction set.
///
/// Every float kernel gives the same bits in every set, for a pair, a run of rows or gathered rows: it sums over 64 lanes
/// in one fixed order that the C header defines. So a score does not depend on machine, batch size or number of threads.
///
/// Spans are for single values. Loops take a raw kernel once, hold it in a local and call it for many rows at a time:
///
/// ```swift
/// let kernel = unsafe DistanceKernels.active.rows(.dot, over: .float16)
/// unsafe kernel(query, rows, stride, count, dimension, scores)
/// ```
@safe public struct DistanceKernels: Sendable {
  /// The set that these kernels are written for.
  public let instructionSet: InstructionSet

  let table: kg_kernels

  /// The kernels of this process: the fastest set, unless `KAGAMI_KERNELS` names another (see ``KernelChoice``).
  public static let active = DistanceKernels(KernelChoice.active.instructionSet)

  /// The kernels of one set.
  ///
  /// - Returns: Nil where this processor cannot run `set`.
  public static func of(_ set: InstructionSet) -> DistanceKernels? {
    InstructionSet.available.contains(set) ? DistanceKernels(set) : nil
  }

  private init(_ set: InstructionSet) {
    instructionSet = set
    table = kg_kernels_of(set.code)
  }
}

// MARK: - Raw kernels

// SAFETY: handing out a function pointer touches no memory. Who calls it keeps the promise of its type: the rows and the
// output exist for all counts given.
extension DistanceKernels {
  /// The kernel for one row at a time.
  public func pair(_ measure: Measure, over type: ElementType) -> PairKernel {
    unsafe family(measure, over: type).pair
  }

  /// The kernel for rows that follow each other at a constant stride.
  public func rows(_ measure: Measure, over type: ElementType) -> RowsKernel {
    unsafe family(measure, over: type).rows
  }

  /// The kernel for rows anywhere in memory.
  public func gather(_ measure: Measure, over type: ElementType) -> GatherKernel {
    unsafe family(measure, over: type).gather
  }

  /// Inner products of bytes, for rows at a constant stride; exact up to 65,536 dimensions.
  public var byteDotRows: ByteDotRowsKernel { unsafe table.dot_i8_u8.rows }

  /// Inner products of bytes, for rows anywhere in memory; exact up to 65,536 dimensions.
  public var byteDotGather: ByteDotGatherKernel { unsafe table.dot_i8_u8.gather }

  /// Differing bits, for rows at a constant stride.
  public var hammingRows: HammingRowsKernel { unsafe table.hamming.rows }

  /// Differing bits, for rows anywhere in memory.
  public var hammingGather: HammingGatherKernel { unsafe table.hamming.gather }

  /// The kernel that reads stored numbers as floats.
  public func widen(from type: ElementType) -> WidenKernel {
    unsafe type == .float16 ? table.widen_f16 : kg_widen_f32
  }

  /// The kernel that stores floats.
  public func narrow(to type: ElementType) -> NarrowKernel {
    unsafe type == .float16 ? table.narrow_f16 : kg_narrow_f32
  }

  /// The kernel for sums of squares.
  public func squaredNorm(over type: ElementType) -> SquaredNormKernel {
    unsafe type == .float16 ? kg_squared_norm_f16 : kg_squared_norm_f32
  }

  /// The kernel for a cosine in double: slow, for those so near to 1 that the rounding of floats would show.
  public func cosine(over type: ElementType) -> CosineKernel {
    unsafe type == .float16 ? kg_cosine_f16 : kg_cosine_f32
  }

  /// The kernel that finds the scores that reach a threshold.
  public var selectAtLeast: SelectAtLeastKernel { unsafe table.select_at_least }

  /// The kernel that checks floats for infinities and NaNs.
  public var allFinite: AllFiniteKernel { unsafe kg_all_finite }

  private func family(_ measure: Measure, over type: ElementType) -> kg_float_family {
    switch (measure, type) {
    case (.dot, .float16): table.dot_f16
    case (.dot, .float32): table.dot_f32
    case (.squaredL2, .float16): table.squared_l2_f16
    case (.squaredL2, .float32): table.squared_l2_f32
    }
  }
}

// MARK: - Walks

// SAFETY: as above; who calls a kernel keeps the promise of its type.
extension DistanceKernels {
  /// The kernel that tells rows that a walk has not seen.
  public var takeNew: TakeNewKernel { unsafe kg_take_new }

  /// The kernel that makes entries of the rows that are near enough.
  public var selectEntries: SelectEntriesKernel { unsafe table.walk.select_entries }

  /// The kernel that keeps entries in order.
  public var insertEntry: InsertEntryKernel { unsafe table.walk.insert_entry }
}

// MARK: - Packed codes and rotation

// SAFETY: as above; who calls a kernel keeps the promise of its type.
extension DistanceKernels {
  /// The kernel for rows of codes that are named by their ordinals; exact up to 65,536 dimensions.
  public func codeGather(_ bits: CodeBits) -> CodeGatherKernel { unsafe family(bits).gather }

  /// The kernel for rows of codes at a constant stride; exact up to 65,536 dimensions.
  public func codeRows(_ bits: CodeBits) -> CodeRowsKernel { unsafe family(bits).rows }

  /// The kernel for rows of codes in blocks of sixteen; exact up to 65,536 dimensions.
  public func codeBlocks(_ bits: CodeBits) -> CodeBlocksKernel { unsafe family(bits).blocks }

  /// The kernel that rotates by the Walsh-Hadamard transform, with the same bits in every set.
  public var hadamard: HadamardKernel { unsafe table.rotation.hadamard }

  /// The kernel that changes signs.
  public var flipSigns: FlipSignsKernel { unsafe table.rotation.flip_signs }

  /// The kernel that packs numbers into codes.
  public var encode: EncodeKernel { unsafe kg_encode }

  /// The kernel that writes a query as signed bytes.
  public var quantizeQuery: QuantizeQueryKernel { unsafe kg_quantize_query }

  /// The kernel that asks for memory before it is read.
  public var prefetch: PrefetchKernel { unsafe kg_prefetch_lines }

  /// The kernel that asks for the lines of rows anywhere after a base.
  public var prefetchRows: PrefetchRowsKernel { unsafe kg_prefetch_rows }

  private func family(_ bits: CodeBits) -> kg_code_family {
    switch bits {
    case .one: table.codes.one
    case .two: table.codes.two
    case .three: table.codes.three
    case .four: table.codes.four
    case .eight: table.codes.eight
    }
  }
}
