import Foundation

/// What this process takes of the machine; 0 where the system does not tell.
struct ProcessUsage {
  /// Memory that is not swapped out, mapped files among it.
  var residentBytes = 0
  /// Memory that belongs to this process alone.
  var anonymousBytes = 0
  /// The most that was resident.
  var peakBytes = 0
  /// Open files, pipes and sockets.
  var openFiles = 0

  /// Looks.
  static var now: ProcessUsage {
    var usage = ProcessUsage()
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    for line in status.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" }
      guard words.count > 2, words[2] == "kB", let bytes = Int(words[1]).map({ $0 << 10 }) else { continue }
      switch words[0] {
      case "VmRSS:": usage.residentBytes = bytes
      case "RssAnon:": usage.anonymousBytes = bytes
      case "VmHWM:": usage.peakBytes = bytes
      default: break
      }
    }
    // Looking takes one descriptor itself.
    usage.openFiles = max(0, ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 1) - 1)
    return usage
  }
}
