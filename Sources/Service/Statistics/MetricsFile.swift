import Foundation

/// A file for a collector of metrics, kept up to date on a thread of its own.
///
/// It is written at the start, then at most once an interval while requests come, and at the end; while nothing happens the thread sleeps
/// without a timer. A reader sees an old file or a new one, never a part: each is written beside it and renamed.
///
/// A file that cannot be written disturbs nothing: it is counted, logged when that begins and ends, and tried again.
final class MetricsFile: @unchecked Sendable {
  private let path: String
  private let interval: Duration
  private let handler: RequestHandler
  private let done = DispatchSemaphore(value: 0)
  // Belongs to the thread.
  private var isFailing = false

  /// A file that is not written yet.
  init(_ path: String, every interval: Duration, _ handler: RequestHandler) {
    (self.path, self.interval, self.handler) = (path, interval, handler)
  }

  /// Starts the thread.
  func start() {
    let thread = Thread { [self] in
      let (statistics, activity) = (handler.statistics, handler.statistics.activity)
      var shown = statistics.activityCount
      write()
      while activity.wait(unless: { statistics.activityCount != shown }) {
        // What came first is followed by more, which the same writing shows.
        guard activity.sleep(for: interval) else { break }
        shown = statistics.activityCount
        write()
      }
      write()
      done.signal()
    }
    thread.name = "metrics"
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Writes the last state and ends the thread.
  func close() {
    handler.statistics.activity.close()
    done.wait()
  }

  private func write() {
    let log = handler.statistics.log
    do {
      // Beside it and renamed.
      try Data(handler.report().metrics.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      if isFailing { log?.write(.info, "metrics_written_again", [("file", .text(path))]) }
      isFailing = false
    } catch {
      handler.statistics.countMetricsFailure()
      if !isFailing {
        log?.write(
          .warning, "metrics_not_written", [("file", .text(path)), ("reason", .text(error.localizedDescription))])
      }
      isFailing = true
    }
  }
}
