import Foundation
import Service
import VectorIndex

/// The input is what `CURRENT` says.
enum CurrentFuzzing {
  static func run(_ input: [UInt8]) throws {
    let catalogue = try FuzzCatalogue.shared.get()
    let file = "\(catalogue.path)/CURRENT"
    try Data(input).write(to: URL(fileURLWithPath: file))
    defer { try? Data("000001\n".utf8).write(to: URL(fileURLWithPath: file)) }
    // Whatever it says, there is the record to start from.
    let engine = try Engine(path: catalogue.path, threads: 1)
    let expected = catalogue.engine.snapshot
    let state = engine.snapshot
    try FuzzFinding.require(
      state.count == expected.count && state.liveCount == expected.liveCount, "\(state.count) rows")
    for row in 0..<UInt32(state.count) where state.keys[row] != expected.keys[row] {
      throw FuzzFinding("row \(row) is \(state.keys[row])")
    }
    let isSound = input == Array("000001".utf8) || input == Array("000001\n".utf8)
    try FuzzFinding.require(engine.snapshotTroubles.isEmpty == isSound, "troubles: \(engine.snapshotTroubles)")
  }
}
