import ArgumentParser
import Foundation
import SweepResults
import VectorKernels

/// Builds an index, and notes how long it took.
///
/// A command of its own, so that the memory of a searching process can be told from that of a building one.
struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Builds an index of a folder in a directory, which is emptied first.")

  @OptionGroup var data: DataOptions

  @Option(help: "The directory of the index.")
  var index: String

  @Option(help: "What to build: \(TargetKind.allCases.map(\.rawValue).joined(separator: ", ")).")
  var target = TargetKind.engine

  @Option(help: "How many threads build.")
  var threads = 1

  @Option(help: "The core to stay on when one thread builds; -1 for any.")
  var core = 1

  func run() throws {
    if threads == 1, core >= 0 { Processor.stay(on: core) }
    BLASLibrary.setThreadCount(1)
    let folder = try data.open()
    try? FileManager.default.removeItem(atPath: index)
    try FileManager.default.createDirectory(atPath: index, withIntermediateDirectories: true)
    let (started, start) = (ContinuousClock.now, Processor.processSeconds)
    try target.type.build(folder, in: index, threads: threads)
    let time = BuildTime(
      seconds: Processor.processSeconds - start, wallSeconds: (ContinuousClock.now - started) / .seconds(1),
      threads: threads)
    try time.write(Self.timeFile(index))
    print("\(target.type.name): built in \(time.seconds) s of processor time")
  }

  /// Where the time of a build is kept: beside the index, so that it does not count as a part of it.
  static func timeFile(_ index: String) -> String { "\(index)-build.json" }
}
