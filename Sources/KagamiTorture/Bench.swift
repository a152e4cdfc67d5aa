import Foundation

/// What every phase works with: the engine, a folder, the seed, the clock.
struct Bench {
  let options: Options
  /// A folder of this run.
  let folder: String

  /// Makes the folder.
  init(_ options: Options) throws {
    self.options = options
    // Without links: the shim compares the paths that the system tells.
    let base = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
    folder = "\(base)/kagami-torture-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// Removes everything.
  func clean() {
    guard !options.keepsFiles else { return }
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Chance for a purpose.
  func random(_ purpose: String) -> Randomness { Randomness(options.seed, purpose) }

  /// Makes an empty catalogue, in place of one of that name.
  ///
  /// - Returns: Its path.
  func create(_ name: String, dimension: Int, metric: Metric) throws -> String {
    let path = "\(folder)/\(name)"
    try? FileManager.default.removeItem(atPath: path)
    let outcome = try CommandOutcome([
      options.engine, "create", path, "--dimension", "\(dimension)", "--metric", metric.rawValue,
    ])
    guard outcome.isGood else { throw Refusal("kagami create: \(outcome.errors)") }
    return path
  }

  /// Copies a catalogue that nobody has open.
  func copy(_ catalogue: String, to name: String) throws -> String {
    let path = "\(folder)/\(name)"
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: catalogue, toPath: path)
    return path
  }

  /// Starts an engine.
  func serve(
    _ catalogue: String, options more: [String] = [], environment: [String: String] = [:],
    after preparation: String? = nil
  ) throws -> EngineSession {
    try EngineSession(options.engine, catalogue, options: more, environment: environment, after: preparation)
  }

  /// Runs `kagami verify`.
  func verify(_ catalogue: String) throws -> CommandOutcome {
    try CommandOutcome([options.engine, "verify", catalogue])
  }
}
