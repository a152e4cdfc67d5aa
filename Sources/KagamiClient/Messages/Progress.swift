import Foundation

/// Hears how far a call is, while it runs; on the client's reading task, so it must not take long.
public typealias ProgressHandler = @Sendable (Progress) -> Void

/// How far a call is.
public struct Progress: Sendable, Hashable {
  /// What is being done, in a word or two.
  public let stage: String
  /// How much of the stage is done.
  public let done: Int
  /// How much there is to do; 0 where that is not known.
  public let total: Int
  /// The call that it is about.
  let call: Int?

  /// The part that is done, from 0 to 1; nil where that is not known.
  public var fraction: Double? { total > 0 ? min(1, Double(done) / Double(total)) : nil }

  /// Reads a line that is a notification of progress; nil for any other.
  init?(notification line: [UInt8]) {
    guard let message = try? JSONDecoder().decode(JSONValue.self, from: Data(line)), message["id"] == nil,
      message["method"] == "progress", let parameters = message["params"]
    else { return nil }
    stage = parameters["stage"]?.string ?? ""
    done = parameters["done"]?.integer ?? 0
    total = parameters["total"]?.integer ?? 0
    call = parameters["token"]?.integer
  }
}
