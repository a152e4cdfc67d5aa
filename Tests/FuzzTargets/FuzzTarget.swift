import Foundation

/// What is fed with bytes of anybody's making, by name.
///
/// An entry point takes bytes and returns; it throws ``FuzzFinding`` where its oracle objects, and everything else that can go wrong (a trap, a
/// bad access) ends the process. The ordinary tests replay the kept corpora through the same entry points.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// The splitter of streams into lines, against a plain one.
  case lines
  /// The JSON scanner, against a plain one and Foundation's.
  case json
  /// The decoder of requests.
  case request
  /// The decoder of base64, against a plain one.
  case base64
  /// The readers of vector files.
  case vectors
  /// The compiler of filters, with what it selects.
  case filter
  /// What `CURRENT` says.
  case current
  /// The reader of snapshots, with right checksums, and ten searches.
  case snapshot
  /// The header of a row file, with a right checksum.
  case rows
  /// The record with anything in its columns.
  case record
  /// A whole conversation, cut anywhere.
  case stream

  /// Runs one input.
  ///
  /// - Parameter input: Any bytes.
  /// - Throws: ``FuzzFinding``.
  public func run(_ input: [UInt8]) throws {
    switch self {
    case .lines: try LinesFuzzing.run(input)
    case .json: try JSONFuzzing.run(input)
    case .request: try RequestFuzzing.run(input)
    case .base64: try Base64Fuzzing.run(input)
    case .vectors: try VectorFileFuzzing.run(input)
    case .filter: try FilterFuzzing.run(input)
    case .current: try CurrentFuzzing.run(input)
    case .snapshot: try SnapshotFuzzing.run(input)
    case .rows: try RowFileFuzzing.run(input)
    case .record: try RecordFuzzing.run(input)
    case .stream: try StreamFuzzing.run(input)
    }
  }
}

/// What an oracle objects to.
public struct FuzzFinding: Error, CustomStringConvertible {
  /// What was expected, and what came.
  public let description: String

  init(_ description: String) {
    self.description = description
  }

  /// Objects unless a condition holds.
  static func require(_ condition: Bool, _ description: @autoclosure () -> String) throws {
    if !condition { throw FuzzFinding(description()) }
  }
}

/// Pieces that a stream comes in: their lengths follow from one byte.
struct Pieces {
  private var state: UInt64

  init(seed: UInt8) {
    state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
  }

  /// Cuts a stream; by seed 0 into single bytes.
  mutating func cut(_ bytes: ArraySlice<UInt8>, seed: UInt8) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var rest = bytes
    while !rest.isEmpty {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let length = seed == 0 ? 1 : 1 + Int(state >> 33) % (1 + Int(seed))
      pieces.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return pieces
  }
}
