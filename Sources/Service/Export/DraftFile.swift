import Foundation
import VectorIndex

/// A file that is written under another name beside its own, and renamed when it is whole.
struct DraftFile {
  /// The file as the caller named it.
  let path: String
  /// Where it will lie, however the caller named it.
  let target: String
  private let directory: String
  private let name: String
  private let draftName: String

  /// A file that will be at `path`.
  init(_ path: String) {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    self.path = path
    target = url.path
    directory = url.deletingLastPathComponent().path
    name = url.lastPathComponent
    draftName = ".\(name).draft-\(ProcessInfo.processInfo.processIdentifier)"
  }

  /// Where it is written.
  var draft: String { "\(directory)/\(draftName)" }

  /// Whether something is in its place already.
  var exists: Bool { (try? FileManager.default.attributesOfItem(atPath: target)) != nil }

  /// Gives the file its name, durably.
  func publish() throws(IndexError) {
    try DurableDirectory.rename(draftName, to: name, in: directory)
  }

  /// Takes the published file away again.
  func remove() { try? FileManager.default.removeItem(atPath: target) }

  /// Takes away what was written so far, if anything was.
  func removeDraft() { try? FileManager.default.removeItem(atPath: draft) }
}
