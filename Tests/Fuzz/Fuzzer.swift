#if FUZZING
  import FuzzTargets
  import Foundation

  /// What is fuzzed, by the environment: libFuzzer keeps the command line for itself.
  private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["KAGAMI_FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      fatalError("KAGAMI_FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return target
  }()

  /// What libFuzzer calls with every input.
  @_cdecl("LLVMFuzzerTestOneInput")
  public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    do {
      try target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
      // libFuzzer keeps the input of whatever ends the process.
      fatalError("\(target.rawValue): \(error)")
    }
    return 0
  }
#endif
