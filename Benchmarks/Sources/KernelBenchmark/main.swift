import BenchmarkSupport
import Foundation
import VectorIndex
import VectorKernels

// What a distance costs in every instruction set that this machine has, and what a search allocates.
// `swift run -c release KernelBenchmark [--json FILE]`

var report = Report("kernels")
for set in InstructionSet.available {
  guard let kernels = DistanceKernels.of(set) else { continue }
  for (name, nanoseconds) in KernelTimes(kernels).all {
    report.add("\(set.rawValue): \(name)", nanoseconds, "ns")
  }
}
let directory = FileManager.default.temporaryDirectory.appending(path: "kagami-kernels-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: directory) }
for (name, count) in try SearchAllocations(in: directory.path).all {
  guard let count else { continue }
  report.add("allocations a search, \(name)", count, "")
}
try report.finish()
