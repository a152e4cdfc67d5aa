import VectorIndex

extension IndexBuild {
  /// Builds codes and graph, unless there are so few rows that looking at all of them is faster.
  static func buildGraph(
    _ state: IndexSnapshot, _ options: Options, _ file: SnapshotWriter, _ progress: GraphProgress
  ) throws {
    guard state.liveCount >= minimumRows else { return }
    let builder = IndexBuilder(state, workers: WorkerPool(width: options.threads))
    if let free = AddressSpace.free, builder.neededBytes > free {
      let left = "the \(AddressSpace.megabytes(free)) MiB of address space that are left (ulimit -v)"
      throw IndexError.outOfMemory(bytes: builder.neededBytes, purpose: "building the index, more than \(left)")
    }
    if let memory = options.memory, builder.neededBytes > memory {
      throw IndexError.outOfMemory(
        bytes: builder.neededBytes, purpose: "building the index, more than --memory allows (memory_bytes on the wire)")
    }
    var failure: (any Error)?
    let index = try builder.build { step in
      try progress(step.rawValue, Int(step.share * Double(state.count)))
      if let failure { throw failure }
    } tick: { step, done in
      guard failure == nil else { return }
      do {
        try progress(step.rawValue, Int((step.share + done * step.weight) * Double(state.count)))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    try index?.write(to: file)
  }

  /// Below this many rows an exact scan takes a few tens of microseconds, and a graph would be of no use.
  private static let minimumRows = 1_000
}

extension BuildStep {
  /// Which part of a build's time the step takes, about.
  fileprivate var weight: Double {
    switch self {
    case .codes: 0.08
    case .leaves: 0.35
    case .walks: 0.32
    case .reachability: 0.01
    case .calibration: 0.24
    }
  }

  /// Which part of a build is done when the step begins.
  fileprivate var share: Double {
    Self.allCases.prefix { $0 != self }.reduce(0) { $0 + $1.weight }
  }
}
