import Glibc

/// Which instruction set a process uses, and the wish that could not be granted.
///
/// The environment variable `KAGAMI_KERNELS` (`scalar`, `avx2`, `avx512` or `neon`) names a set; without it, the fastest is
/// used. A name that is unknown, or that this processor cannot run, is not an error: the fastest set is used and the name is
/// kept for whoever reports the state of the process.
public struct KernelChoice: Sendable, Equatable {
  /// The set in use.
  public let instructionSet: InstructionSet
  /// The name that was asked for and is not in use; nil where the wish was granted or there was none.
  public let refusedName: String?

  /// Chooses among the sets that can be run.
  ///
  /// - Parameters:
  ///   - name: The set that is asked for; nil or empty for the fastest.
  ///   - available: The sets to choose among, slowest first.
  public init(requested name: String?, available: [InstructionSet] = InstructionSet.available) {
    let best = available.last ?? .scalar
    guard let name, !name.isEmpty else {
      self.init(instructionSet: best, refusedName: nil)
      return
    }
    guard let wanted = InstructionSet(rawValue: name), available.contains(wanted) else {
      self.init(instructionSet: best, refusedName: name)
      return
    }
    self.init(instructionSet: wanted, refusedName: nil)
  }

  private init(instructionSet: InstructionSet, refusedName: String?) {
    self.instructionSet = instructionSet
    self.refusedName = refusedName
  }

  /// The choice of this process, made once from its environment.
  public static let active = KernelChoice(requested: environmentValue("KAGAMI_KERNELS"))

  private static func environmentValue(_ name: String) -> String? {
    // SAFETY: the text that getenv returns is copied at once; nothing in this process changes its environment.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
