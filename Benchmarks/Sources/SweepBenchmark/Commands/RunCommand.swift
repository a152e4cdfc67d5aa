import ArgumentParser
import BenchmarkSupport
import Foundation
import SweepResults
import VectorKernels

/// Measures an index that is built.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Sweeps an index: one query at a time, in batches, filtered, within a distance, on two threads.")

  @OptionGroup var data: DataOptions

  @Option(help: "The directory that `build` filled.")
  var index: String

  @Option(help: "What was built there: \(TargetKind.allCases.map(\.rawValue).joined(separator: ", ")).")
  var target = TargetKind.engine

  @Option(help: "The file for the figures.")
  var json: String?

  @Option(name: .customShort("k"), help: "How many neighbours are wanted.")
  var k = 10

  @Option(help: "Efforts to sweep, separated by commas, ascending.")
  var efforts: String?

  @Option(help: "The core to stay on where one thread searches; -1 for any.")
  var core = 1

  @Option(help: "Threads of the last sweeps; 1 leaves them out.")
  var threads = 2

  @Flag(help: "Only the plain sweeps on one thread.")
  var brief = false

  func run() throws {
    BLASLibrary.setThreadCount(1)
    let folder = try data.open()
    let system = try measure(target.type, folder)
    let description = DataDescription(
      name: folder.name, rows: folder.rowCount, dimension: folder.dimension, queries: folder.queryCount,
      metric: folder.metric.rawValue, k: k)
    let run = SweepRun(machine: Machine.description, data: description, systems: [system])
    if let json { try run.write(json) }
  }

  private func measure<Target: SearchTarget>(_ type: Target.Type, _ folder: DataFolder) throws -> MeasuredSystem {
    if core >= 0 { Processor.stay(on: core) }
    var system = MeasuredSystem(name: Target.name)
    system.build = try? BuildTime.read(BuildCommand.timeFile(index))
    system.diskBytes = try bytes(in: index)
    let efforts = try wantedEfforts() ?? Target.efforts
    let before = Processor.residentBytes
    let start = ContinuousClock.now
    let opened = try Target(opening: index, of: folder, threads: 1)
    _ = try opened.search(folder.queries.span.extracting(folder.query(0)), k: k, effort: efforts[0], filter: nil)
    system.openSeconds = (ContinuousClock.now - start) / .seconds(1)
    for number in 0..<min(1000, folder.queryCount) {
      let query = folder.queries.span.extracting(folder.query(number))
      _ = try opened.search(query, k: k, effort: efforts[efforts.count - 1], filter: nil)
    }
    system.memoryBytes = Processor.residentBytes - before
    system.sweeps = try sweeps(opened, folder, efforts)
    return system
  }

  private func sweeps<Target: SearchTarget>(
    _ opened: Target, _ folder: DataFolder, _ efforts: [Int]
  ) throws -> [Sweep] {
    let truth = try Truth(folder)
    let exact =
      try folder.neighbors(k: k) ?? truth.nearest(queries: folder.queryCount, k: k).map { $0.map(\.ordinal) }
    let recall = try Recall(folder)
    func sweeper(_ target: Target) -> Sweeper<Target> {
      let asker = Asker(target: target, data: folder, k: k)
      return Sweeper(asker: asker, recall: recall, truth: truth, efforts: efforts, exact: exact)
    }
    let one = sweeper(opened)
    var sweeps = [try one.plain(.single), try one.plain(.batch)]
    guard !brief else { return sweeps }
    sweeps += try QueryFilter.standard(folder, nearest: exact.compactMap(\.first)).map(one.filtered)
    sweeps += try [10, 100].map(one.threshold)
    guard threads > 1 else { return sweeps }
    Processor.stay(on: nil)
    let many = sweeper(try Target(opening: index, of: folder, threads: threads))
    return sweeps + [try many.plain(.single, threads: threads), try many.plain(.batch, threads: threads)]
  }

  private func wantedEfforts() throws -> [Int]? {
    guard let efforts else { return nil }
    let numbers = efforts.split(separator: ",").compactMap { Int($0) }
    guard !numbers.isEmpty else { throw ValidationError("--efforts is a list of whole numbers, such as 10,20,40") }
    return numbers
  }

  private func bytes(in directory: String) throws -> Int {
    let manager = FileManager.default
    return try manager.subpathsOfDirectory(atPath: directory).reduce(0) { sum, path in
      let attributes = try manager.attributesOfItem(atPath: "\(directory)/\(path)")
      guard attributes[.type] as? FileAttributeType == .typeRegular else { return sum }
      return sum + (attributes[.size] as? Int ?? 0)
    }
  }
}
