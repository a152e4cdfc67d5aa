import Foundation

/// Everything that watches a serving engine: its log, its counters, its file of metrics.
final class Observation: @unchecked Sendable {
  let log: Log
  let statistics: Statistics
  private let options: ObservationOptions
  private let began = ContinuousClock.now
  // Set once, before requests are answered.
  private var metrics: MetricsFile?

  /// Opens the log; before anything else, so that what goes wrong later can be told.
  ///
  /// - Throws: ``LogFailure`` where its file cannot be opened.
  init(_ options: ObservationOptions) throws(LogFailure) {
    self.options = options
    let sink = if let path = options.logFile { try LogSink(path: path) } else { LogSink.standardError() }
    log = Log(sink, level: Log.Level(rawValue: options.logLevel) ?? .warning)
    statistics = Statistics(log: log, slowness: options.slowMilliseconds.map { .milliseconds($0) })
  }

  /// Says that requests are answered from now on, and begins to write metrics.
  func begin(_ handler: RequestHandler) {
    log.started(handler.engine, readOnly: handler.isReadOnly, after: .now - began)
    guard let path = options.metricsFile else { return }
    let metrics = MetricsFile(path, every: .seconds(options.metricsInterval), handler)
    metrics.start()
    self.metrics = metrics
  }

  /// Writes the last metrics and says how it ended.
  func end(code: Int32) {
    metrics?.close()
    log.stopped(code: code, statistics)
  }

  /// Says why nothing was ever answered.
  ///
  /// A person reads the same on standard error, in words; so it goes to a file only.
  func failed(_ error: any Error) {
    guard options.logFile != nil else { return }
    log.write(
      .error, "failed",
      [
        ("message", .text(ServiceFailure.message(for: error))),
        ("code", .integer(Int(ServiceFailure.exitCode(for: error)))),
      ])
  }
}
