import Foundation
import VectorKernels
import WireProtocol

/// The limit that a user may set on a process's address space (`ulimit -v`), and what is left of it.
///
/// An allocation that is refused ends a Swift process at once, so whoever is limited asks first. Without a limit every question costs a look at a
/// constant.
public enum AddressSpace {
  /// Bytes that this process may take; nil without a limit, or where the system does not tell.
  static let limit = limit(in: (try? String(contentsOfFile: "/proc/self/limits", encoding: .utf8)) ?? "")

  /// Bytes that this process has taken; nil where the system does not tell.
  static var used: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
      let pages = text.split(separator: " ").first.flatMap({ Int($0) })
    else { return nil }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Bytes that are left; nil without a limit.
  static var free: Int? {
    guard let limit, let used else { return nil }
    return max(0, limit - used)
  }

  /// What a command takes beside the programs and libraries that are loaded already.
  public struct Need: Sendable {
    /// What it is for, as the subject of a sentence.
    var purpose: String
    /// Bytes for everything but products of matrices.
    var bytes: Int
    /// How many products may run at once.
    var products: Int

    /// A command that reads and answers little at a time.
    public static let command = Need(
      purpose: "this command", bytes: 64 << 20, products: ProcessInfo.processInfo.activeProcessorCount)

    /// An engine: the catalogue's files mapped or read, threads with their stacks, requests and answers under way, caches.
    ///
    /// - Parameters:
    ///   - catalogue: The directory.
    ///   - threads: How many threads work.
    /// - Returns: What it takes, about.
    public static func serving(_ catalogue: String, threads: Int) -> Need {
      let stacks = threads * (9 << 20) + 6 * (8 << 20)
      return Need(
        purpose: "serving \(catalogue) with \(threads) threads",
        bytes: AddressSpace.fileBytes(of: catalogue) + stacks + requestBytes + (32 << 20), products: threads)
    }
  }

  /// Makes sure that there is as much as a command needs, and takes the buffers of products; call it once, before anything else.
  ///
  /// - Throws: ``AddressSpaceError`` where there is not.
  public static func prepare(for need: Need) throws(AddressSpaceError) {
    guard let limit, let used else { return }
    guard used + need.bytes <= limit, BLASMemory.reserve(products: need.products, sparing: need.bytes) > 0 else {
      throw AddressSpaceError(
        limit: limit, needed: used + need.bytes + BLASMemory.bufferBytes, purpose: need.purpose)
    }
  }

  /// Why a request cannot be begun now; nil where it can.
  ///
  /// - Parameter bytes: The length of its line.
  /// - Returns: What the caller is told.
  static func refusal(ofRequest bytes: Int) -> WireError? {
    guard let limit, let free else { return nil }
    let needed = 16 << 20 + 8 * bytes
    guard free < needed else { return nil }
    return WireError(
      .resourceExhausted,
      "\(megabytes(free)) MiB are left of the \(megabytes(limit)) MiB of address space (ulimit -v) that the engine may take, and this request "
        + "needs about \(megabytes(needed)); raise the limit, or ask for less at a time")
  }

  /// Bytes of requests under way and their answers.
  private static let requestBytes = 64 << 20

  static func megabytes(_ bytes: Int) -> Int { (bytes + (1 << 20) - 1) >> 20 }

  /// Reads the limit out of what the system shows of a process.
  static func limit(in text: String) -> Int? {
    let name = "Max address space"
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
    return line.dropFirst(name.count).split(separator: " ").first.flatMap { Int($0) }
  }

  /// The length of a catalogue's files: rows and snapshots are mapped, and what is read of the record is smaller than the record.
  private static func fileBytes(of catalogue: String) -> Int {
    let files = FileManager.default
    let layout = (try? files.subpathsOfDirectory(atPath: catalogue)) ?? []
    return layout.reduce(0) { sum, path in
      let attributes = try? files.attributesOfItem(atPath: "\(catalogue)/\(path)")
      return sum + (attributes?[.size] as? Int ?? 0)
    }
  }
}

/// There is less address space than a command needs.
public struct AddressSpaceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Bytes that the process may take.
  let limit: Int
  /// Bytes that it needs, about.
  let needed: Int
  /// What for.
  let purpose: String

  /// What happened and what to do.
  public var description: String {
    "this process may take \(AddressSpace.megabytes(limit)) MiB of address space (ulimit -v), and \(purpose) takes about "
      + "\(AddressSpace.megabytes(needed)) MiB; raise the limit, or use fewer threads"
  }
}
