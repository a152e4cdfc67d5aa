#if FUZZING
  import FuzzTargets
  import Foundation

  /// libFuzzer's loop, which calls back with every input.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
  ) -> Int32

  /// What is fuzzed, by the environment: libFuzzer keeps the command line for itself.
  private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["KAGAMI_FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      fatalError("KAGAMI_FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return target
  }()

  @main
  struct Fuzzer {
    static func main() {
      var (count, arguments) = (CommandLine.argc, CommandLine.unsafeArgv)
      exit(runDriver(&count, &arguments) { fuzzOneInput($0, $1) })
    }
  }

  /// Runs one input; under this name because libFuzzer's own `main`, which is not used, refers to it.
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
