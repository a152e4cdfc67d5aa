import Foundation
import FuzzTargets
import TestSupport
import Testing

/// Everything that fuzzing kept, through the same entry points: what was found once stays found.
@Suite(.serialized) struct CorpusTests {
  private static let folder = "\(Repository.root)/Tests/Fuzz/corpus"

  @Test(arguments: FuzzTarget.allCases)
  func `Kept inputs are taken without objection`(_ target: FuzzTarget) throws {
    let folder = "\(Self.folder)/\(target.rawValue)"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(!names.isEmpty, "no corpus of \(target.rawValue)")
    for name in names {
      let input = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
      #expect(throws: Never.self, "\(target.rawValue)/\(name)") { try target.run(input) }
    }
  }

  /// Kept inputs with a few bytes changed: a taste of what `make fuzz` does at length.
  @Test(arguments: FuzzTarget.allCases)
  func `Changed inputs are taken without objection`(_ target: FuzzTarget) throws {
    let folder = "\(Self.folder)/\(target.rawValue)"
    let seed = ProcessInfo.processInfo.environment["KAGAMI_SEED"].flatMap(UInt64.init) ?? 1
    var random = SeededGenerator(seed: seed)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted().prefix(40) {
      let input = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
      for _ in 0..<5 {
        let changed = Self.changed(input, &random)
        #expect(throws: Never.self, "seed \(seed), \(target.rawValue): \(Data(changed).base64EncodedString())") {
          try target.run(changed)
        }
      }
    }
  }

  private static func changed(_ input: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = input
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: place)
      default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
      }
    }
    return bytes
  }
}
