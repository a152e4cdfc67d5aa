import Catalogue
import Histogram
import VectorIndex
import VectorKernels
import WireProtocol

/// As `engine.stats` answers it.
extension EngineReport {
  /// Writes the members of an object.
  ///
  /// - Parameters:
  ///   - buffer: Gets them.
  ///   - isAsked: Whether a request that is not answered yet asks, which is not counted as waiting.
  func write(to buffer: inout ByteBuffer, isAsked: Bool = true) {
    buffer.member("uptime_ms", Int(tally.uptime / .milliseconds(1)))
    buffer.member("requests", tally.requests)
    buffer.member("errors", tally.errorCount)
    buffer.member("vectors_searched", tally.vectorsSearched)
    buffer.member("bytes_in", tally.bytesIn)
    buffer.member("bytes_out", tally.bytesOut)
    buffer.member("unanswered", max(0, tally.unanswered - (isAsked ? 1 : 0)))
    buffer.member("in_progress", tally.inProgress)
    buffer.member("edits_waiting", editsWaiting)
    writeUsage(to: &buffer)
    writeIndex(to: &buffer)
    writePlans(to: &buffer)
    writeCommits(to: &buffer)
    writeMethods(to: &buffer)
    writeErrors(to: &buffer)
    buffer.member("log_lines", log.written)
    buffer.member("log_dropped", log.dropped)
    buffer.member("metrics_failures", metricsFailures)
    buffer.member("blas", BLASLibrary.summary)
    buffer.member("sqlite", CatalogueStore.sqliteVersion)
    buffer.member("instruction_set", KernelChoice.active.instructionSet.rawValue)
  }

  private func writeUsage(to buffer: inout ByteBuffer) {
    buffer.member("resident_bytes", usage.residentBytes)
    buffer.member("anonymous_bytes", usage.anonymousBytes)
    buffer.member("peak_bytes", usage.peakBytes)
    buffer.member("open_files", usage.openFiles)
  }

  private func writeIndex(to buffer: inout ByteBuffer) {
    buffer.member("rows", snapshot.count)
    buffer.member("live", snapshot.liveCount)
    buffer.member("linked", snapshot.graph?.count ?? 0)
    buffer.member("unlinked", unlinkedRows)
    buffer.member("snapshot", snapshotNumber)
    buffer.member("threads", threads)
  }

  private func writePlans(to buffer: inout ByteBuffer) {
    buffer.name("plans")
    buffer.beginObject()
    for plan in SearchPlan.allCases {
      buffer.name(text: plan.rawValue)
      buffer.number(tally.plans[plan] ?? 0)
    }
    buffer.endObject()
  }

  private func writeCommits(to buffer: inout ByteBuffer) {
    buffer.member("edits", tally.commits.edits)
    buffer.member("commits", tally.commits.count)
    buffer.name("commit_size")
    buffer.beginObject()
    for (name, value) in tally.commits.sizes.marks { buffer.member(name, Int(value)) }
    buffer.endObject()
  }

  private func writeMethods(to buffer: inout ByteBuffer) {
    buffer.name("methods")
    buffer.beginObject()
    for (method, tally) in methods {
      buffer.name(text: method.rawValue)
      buffer.beginObject()
      buffer.member("requests", Int(tally.latencies.totalCount))
      buffer.member("errors", tally.errors)
      buffer.name("latency_us")
      buffer.beginObject()
      for (name, nanoseconds) in tally.latencies.marks {
        buffer.name(name)
        buffer.number((Double(nanoseconds) / 100).rounded() / 10)
      }
      buffer.endObject()
      buffer.endObject()
    }
    buffer.endObject()
  }

  private func writeErrors(to buffer: inout ByteBuffer) {
    buffer.name("error_kinds")
    buffer.beginObject()
    for kind in WireError.Kind.allCases {
      guard let count = tally.errors[kind] else { continue }
      buffer.name(text: kind.rawValue)
      buffer.number(count)
    }
    buffer.endObject()
  }
}

extension Histogram<UInt64> {
  /// The values that are shown of a distribution.
  var marks: [(name: StaticString, value: UInt64)] {
    [
      ("p50", valueAtPercentile(50)), ("p90", valueAtPercentile(90)), ("p99", valueAtPercentile(99)),
      ("p99_9", valueAtPercentile(99.9)), ("max", maxRecorded),
    ]
  }
}
