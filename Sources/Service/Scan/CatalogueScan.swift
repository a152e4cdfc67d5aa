import Catalogue
import Foundation
import VectorIndex
import VectorKernels
import WireProtocol

/// Searches a catalogue for all vectors of some files and writes what it finds to another.
///
/// One thread reads, several search and encode, the caller's writes; a fixed number of blocks goes round among them. The output is the same for
/// any number of threads, and for any number of interruptions: a run that finds an unfinished output of the same scan goes on where it ends.
public struct CatalogueScan {
  private let request: ScanRequest
  private let refuse: (ScanError) -> Void
  private let progress: (ScanProgress) -> Void

  /// Blocks beyond those that are searched for: what is read ahead, and what waits to be written.
  private static let spareBlocks = 8

  /// Prepares a scan.
  ///
  /// - Parameters:
  ///   - request: What to look for.
  ///   - refuse: Is told of every row that could not be searched for, in the order of the files.
  ///   - progress: Is told after every block.
  public init(
    _ request: ScanRequest, refuse: @escaping (ScanError) -> Void, progress: @escaping (ScanProgress) -> Void
  ) {
    (self.request, self.refuse, self.progress) = (request, refuse, progress)
  }

  /// Scans.
  ///
  /// - Parameter troubled: Is told why the snapshot in force cannot be used, if it cannot.
  /// - Returns: What was done.
  /// - Throws: ``ScanError``, `WireError` for a filter that is none, `FileError`, `CatalogueError` or `IndexError`. What was found so far stays
  ///   beside the output, for the next run to go on from.
  /// - Complexity: Memory for some blocks of rows and their hits for each thread.
  public func run(troubled: (String) -> Void = { _ in }) throws -> ScanReport {
    let start = ContinuousClock.now
    let format = try ScanFormat(of: request.output)
    try check(format)
    let filter = try request.filter.map { text in try Filter.option(text) }
    let use = try request.use.map { use in try use.request() }
    _ = BLASLibrary.setThreadCount(1)
    let engine = try Engine(path: request.catalogue, threads: 1)
    try engine.verifySnapshot()
    engine.snapshotTroubles.forEach(troubled)
    let searcher = try searcher(engine, filter, use, format)
    var input = try ScanInput(request.inputs, dimension: engine.layout.dimension)
    let identity = identity(searcher, engine, input)
    func report(_ totals: ScanTotals, resumed: Int) -> ScanReport {
      ScanReport(
        queries: totals.queries, hits: totals.hits, refused: totals.refused, resumed: resumed,
        sequence: identity.sequence, duration: ContinuousClock.now - start, files: format.files(for: request.output))
    }
    if let journal = try ScanOutput.finishInterrupted(request, format, identity) {
      return report(journal.totals, resumed: journal.totals.rows)
    }
    var output = try ScanOutput(request, format, identity)
    let resumed = output.journal.totals.rows
    try input.move(to: output.journal.position)
    try work(searcher, input, &output, resumed)
    try output.finish()
    return report(output.journal.totals, resumed: resumed)
  }

  private func check(_ format: ScanFormat) throws {
    if format == .matrix, request.k == nil { throw ScanError.needsCount(file: request.output) }
    if format == .matrix, request.use != nil { throw ScanError.noPlaceForUse(file: request.output) }
    let outputs = format.files(for: request.output).map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    for input in request.inputs where outputs.contains(URL(fileURLWithPath: input).standardizedFileURL.path) {
      throw ScanError.sameFile(input)
    }
  }

  private func searcher(
    _ engine: Engine, _ filter: Filter?, _ use: UseRequest?, _ format: ScanFormat
  ) throws -> ScanSearcher {
    var options = QueryOptions()
    options.filter = filter
    let circumstances = RequestHandler.Circumstances(received: .now, isAlone: false)
    return ScanSearcher(
      context: try QueryContext(options, engine, circumstances), engine: engine, format: format, k: request.k,
      limit: request.scoreThreshold.map { Metric.distance(ofScore: $0) } ?? .infinity,
      effort: request.effort.searchEffort, use: use, columns: ScanColumns(request), skipsBadRows: request.skipsBadRows)
  }

  /// What makes a scan this one; options that change no byte of the output are left out.
  private func identity(_ searcher: ScanSearcher, _ engine: Engine, _ input: ScanInput) -> ScanIdentity {
    var options = ["format": searcher.format.rawValue, "with-attributes": "\(request.withAttributes)"]
    options["k"] = request.k.map { "\($0)" }
    options["threshold"] = request.scoreThreshold.map { "\($0)" }
    options["filter"] = request.filter
    if let use = request.use {
      (options["licensee"], options["use"], options["territory"]) = (use.licensee, use.use, use.territory)
      (options["at"], options["as-known-at"]) = (use.at, use.asKnownAt)
    }
    options["exact"] = request.effort.isExact ? "true" : nil
    options["beam-width"] = request.effort.beamWidth.map { "\($0)" }
    options["target-recall"] = request.effort.targetRecall.map { "\($0)" }
    return ScanIdentity(
      catalogue: engine.store.identity.id, sequence: searcher.context.snapshot.sequence,
      snapshot: engine.snapshotNumber, options: options, inputs: input.identities)
  }

  // MARK: Threads

  private func work(_ searcher: ScanSearcher, _ input: ScanInput, _ output: inout ScanOutput, _ resumed: Int) throws {
    let exchange = BlockExchange(blocks: request.threads + (request.k == nil ? 2 : request.threads + Self.spareBlocks))
    let size = searcher.blockSize(total: input.total, threads: request.threads)
    let reading = Reading(input, exchange, size)
    let threads = [
      WorkerThreads(count: 1) { reading.run() },
      WorkerThreads(count: request.threads) {
        let terms = KnownTerms()
        while let block = exchange.takeFilled() {
          if block.failure == nil { searcher.search(block, terms) }
          exchange.putDone(block)
        }
      },
    ]
    defer {
      exchange.stop()
      threads.forEach { $0.join() }
    }
    do {
      try write(exchange, input.total, &output, resumed)
    } catch {
      // What was found before is worth keeping; why there is no more is worth more.
      try? output.checkpoint()
      throw error
    }
  }

  private func write(
    _ exchange: BlockExchange, _ total: Int?, _ output: inout ScanOutput, _ resumed: Int
  ) throws {
    var (number, last) = (0, ContinuousClock.now)
    while let block = exchange.takeDone(number) {
      if let failure = block.failure { throw failure }
      block.refusals.forEach(refuse)
      try output.write(block)
      exchange.putFree(block)
      number += 1
      progress(ScanProgress(done: output.journal.totals.rows, total: total, resumed: resumed))
      if ContinuousClock.now - last >= request.checkpointInterval {
        try output.beginCheckpoint()
        last = .now
      }
    }
  }
}

/// What the reading thread does.
///
/// - Concurrency: Used by that thread alone.
private final class Reading: @unchecked Sendable {
  private var input: ScanInput
  private let exchange: BlockExchange
  private let size: Int

  init(_ input: ScanInput, _ exchange: BlockExchange, _ size: Int) {
    (self.input, self.exchange, self.size) = (input, exchange, size)
  }

  /// Fills blocks until there is nothing more to read; an error takes the place of the block that could not be read.
  func run() {
    var number = 0
    while let block = exchange.takeFree() {
      block.reset()
      block.number = number
      do {
        guard try input.read(upTo: size, into: block) else { break }
      } catch {
        block.failure = error
      }
      exchange.putFilled(block)
      number += 1
      if block.failure != nil { break }
    }
    exchange.finishReading(blockCount: number)
  }
}
