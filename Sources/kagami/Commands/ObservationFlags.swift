import ArgumentParser
import Service

/// How a serving engine is observed.
struct ObservationFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp("Append the log to a file instead of writing it to standard error.", valueName: "path"))
  var logFile: String?

  @Option(
    help: ArgumentHelp(
      "What matters less is not logged: debug (every request), info, warning or error.", valueName: "level"))
  var logLevel = ObservationOptions().logLevel

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Log requests that take as long: method, id, time and plan. Default: none.", valueName: "milliseconds"))
  var slowMs: Int?

  @Option(
    help: ArgumentHelp(
      "Keep a file of metrics in the text format of Prometheus, for a collector to read; replaced as a whole.",
      valueName: "path"))
  var metricsFile: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seconds between two writings of it while requests come.", valueName: "seconds"))
  var metricsInterval = ObservationOptions().metricsInterval

  func validate() throws {
    guard ObservationOptions.levels.contains(logLevel) else {
      throw ValidationError("--log-level takes one of \(ObservationOptions.levels.joined(separator: ", ")).")
    }
    if let slowMs, slowMs < 0 { throw ValidationError("--slow-ms takes 0 or more.") }
    guard (1...86_400).contains(metricsInterval) else {
      throw ValidationError("--metrics-interval takes 1 to 86400 seconds.")
    }
  }

  /// As the engine takes them.
  var options: ObservationOptions {
    var options = ObservationOptions()
    (options.logFile, options.logLevel, options.slowMilliseconds) = (logFile, logLevel, slowMs)
    (options.metricsFile, options.metricsInterval) = (metricsFile, metricsInterval)
    return options
  }
}
