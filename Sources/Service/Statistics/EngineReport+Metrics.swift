import Histogram
import VectorIndex
import WireProtocol

/// As the metrics file has it: names begin with `kagami_`, times are in seconds and sizes in bytes.
extension EngineReport {
  /// The whole text.
  var metrics: String {
    var text = MetricsText()
    text.begin("kagami_build_info", .gauge, "The release that runs; always 1.")
    text.sample("kagami_build_info", [("version", EngineVersion.text)], 1)
    text.single("kagami_start_time_seconds", .gauge, "When the engine started, in Unix time.", startTime)
    writeRequests(to: &text)
    writeSearches(to: &text)
    writeEdits(to: &text)
    writeIndex(to: &text)
    writeProcess(to: &text)
    return text.text
  }

  private func writeRequests(to text: inout MetricsText) {
    let name = "kagami_request_duration_seconds"
    text.begin(name, .summary, "Time from the receipt of a request until its answer is ready, by method.")
    for (method, tally) in methods {
      let label = (name: "method", value: method.rawValue)
      for (quantile, nanoseconds) in tally.latencies.quantiles {
        text.sample(name, [label, ("quantile", quantile)], Double(nanoseconds) / 1e9)
      }
      text.sample("\(name)_sum", [label], Double(tally.total) / 1e9)
      text.sample("\(name)_count", [label], Double(tally.latencies.totalCount))
    }
    text.begin("kagami_request_errors_total", .counter, "Requests that were answered with an error, by method.")
    for (method, tally) in methods {
      text.sample("kagami_request_errors_total", [("method", method.rawValue)], Double(tally.errors))
    }
    text.begin(
      "kagami_errors_total", .counter, "Answers that were errors, by kind; lines that are no request included.")
    for kind in WireError.Kind.allCases {
      text.sample("kagami_errors_total", [("kind", kind.rawValue)], Double(self.tally.errors[kind] ?? 0))
    }
    text.single("kagami_lines_total", .counter, "Lines that were read.", Double(tally.requests))
    text.single("kagami_received_bytes_total", .counter, "Bytes of lines that were read.", Double(tally.bytesIn))
    text.single("kagami_sent_bytes_total", .counter, "Bytes of answers.", Double(tally.bytesOut))
    text.single("kagami_unanswered_requests", .gauge, "Requests without an answer yet.", Double(tally.unanswered))
    text.single("kagami_requests_in_progress", .gauge, "Requests that are worked on.", Double(tally.inProgress))
  }

  private func writeSearches(to text: inout MetricsText) {
    text.begin("kagami_vectors_searched_total", .counter, "Vectors that were searched for, by how that was done.")
    for plan in SearchPlan.allCases {
      text.sample("kagami_vectors_searched_total", [("plan", plan.rawValue)], Double(tally.plans[plan] ?? 0))
    }
  }

  private func writeEdits(to text: inout MetricsText) {
    let name = "kagami_commit_edits"
    text.begin(name, .summary, "Edits that share a commit.")
    for (quantile, size) in tally.commits.sizes.quantiles { text.sample(name, [("quantile", quantile)], Double(size)) }
    text.sample("\(name)_sum", Double(tally.commits.edits))
    text.sample("\(name)_count", Double(tally.commits.count))
    text.single("kagami_edits_waiting", .gauge, "Edits that wait for the one that edits.", Double(editsWaiting))
  }

  private func writeIndex(to text: inout MetricsText) {
    text.single("kagami_items", .gauge, "Items in the catalogue.", Double(snapshot.liveCount))
    text.single("kagami_rows", .gauge, "Rows on the disk, those of removed items included.", Double(snapshot.count))
    text.single("kagami_unlinked_rows", .gauge, "Rows that no graph has yet.", Double(unlinkedRows))
    text.single("kagami_catalogue_seq", .gauge, "The revision that is shown.", Double(sequence))
    text.single("kagami_snapshot_number", .gauge, "The index's snapshot in use; 0 for none.", Double(snapshotNumber))
  }

  private func writeProcess(to text: inout MetricsText) {
    text.single(
      "kagami_resident_memory_bytes", .gauge, "Memory that is not swapped out, mapped files included.",
      Double(usage.residentBytes))
    text.single(
      "kagami_anonymous_memory_bytes", .gauge, "Memory that belongs to the process alone.", Double(usage.anonymousBytes)
    )
    text.single("kagami_peak_memory_bytes", .gauge, "The most memory that was resident.", Double(usage.peakBytes))
    text.single("kagami_open_files", .gauge, "Open files, pipes and sockets.", Double(usage.openFiles))
    text.single("kagami_log_lines_total", .counter, "Lines of log that were written.", Double(log.written))
    text.single(
      "kagami_log_dropped_total", .counter, "Lines of log that nobody took and that were left out.", Double(log.dropped)
    )
    text.single(
      "kagami_metrics_failures_total", .counter, "Times that this file could not be written.", Double(metricsFailures))
  }
}

extension MetricsText {
  fileprivate mutating func sample(_ name: String, _ value: Double) { sample(name, [], value) }
}

extension Histogram<UInt64> {
  /// The quantiles of a summary.
  fileprivate var quantiles: [(quantile: String, value: UInt64)] {
    [
      ("0.5", valueAtPercentile(50)), ("0.9", valueAtPercentile(90)), ("0.99", valueAtPercentile(99)),
      ("0.999", valueAtPercentile(99.9)),
    ]
  }
}
