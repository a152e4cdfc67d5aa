#if !FUZZING
  import Foundation
  import FuzzTargets

  /// `kagami-fuzz TARGET FILE…` runs inputs once each, without libFuzzer, to look at a crash.
  @main
  struct Replay {
    static func main() {
      let arguments = CommandLine.arguments.dropFirst()
      guard let name = arguments.first, let target = FuzzTarget(rawValue: name) else {
        print("usage: kagami-fuzz \(FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")) FILE…")
        exit(64)
      }
      for file in arguments.dropFirst() {
        do {
          try target.run([UInt8](Data(contentsOf: URL(fileURLWithPath: file))))
          print("\(file): fine")
        } catch {
          print("\(file): \(error)")
          exit(65)
        }
      }
    }
  }
#endif
