import Foundation
import TestSupport
import Testing
import VectorIndex

/// Files whose checksums are right and whose contents were made up: an error or a state in which everything can be read, never a crash.
@Suite struct HostileSnapshotTests {
  private let fixture: SnapshotFixture
  private let sound: [UInt8]

  init() throws {
    fixture = try SnapshotFixture(rows: 130)
    sound = try fixture.directory.read(SnapshotFixture.name)
  }

  /// Numbers that arithmetic without care stumbles over.
  private static let awkward: [UInt64] = [
    0, 1, 63, 4095, 4096, 1 << 20, 1 << 31, 1 << 32, 1 << 62, 1 << 63, .max, .max - 4095, UInt64(UInt32.max),
  ]

  @Test(arguments: 1...8)
  func madeUpContentsNeverCrash(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var accepted = 0
    for _ in 0..<150 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...3, using: &random) { change(&bytes, &random) }
      seal(&bytes)
      try fixture.overwrite(bytes)
      guard let state = try? fixture.open() else { continue }
      accepted += 1
      readEverything(state)
    }
    #expect(accepted < 150)
  }

  /// Puts an awkward number, or any, into the header, its table or a section.
  private func change(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    let length = Bool.random(using: &random) ? 4 : 8
    let range = [12..<64, 96..<300, 4096..<bytes.count - 40].randomElement(using: &random) ?? 12..<64
    let offset = Int.random(in: range, using: &random) & ~3
    let number = Self.awkward.randomElement(using: &random) ?? 0
    let value = Bool.random(using: &random) ? number : UInt64.random(in: 0...300, using: &random)
    for byte in 0..<length where offset + byte < bytes.count {
      bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))
    }
  }

  /// Makes all checksums right, as far as the header still says where they are.
  private func seal(_ bytes: inout [UInt8]) {
    let list = number(bytes, 56, 8)
    for entry in 0..<5 {
      let place = 96 + 40 * entry
      let (offset, length) = (number(bytes, place + 16, 8), number(bytes, place + 24, 8))
      guard offset <= UInt64(bytes.count), length > 0, length <= UInt64(bytes.count) - offset else { continue }
      let section = Array(bytes[Int(offset)..<Int(offset + length)])
      if list < UInt64(bytes.count - 20) { store(Checksum.of(section.span), &bytes, Int(list) + 4 * entry) }
    }
    if list < UInt64(bytes.count) { store(Checksum.of(Array(bytes[Int(list)...]).span), &bytes, 64) }
    store(Checksum.of(Array(bytes[..<4092]).span), &bytes, 4092)
  }

  private func number(_ bytes: [UInt8], _ offset: Int, _ length: Int) -> UInt64 {
    (0..<length).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
  }

  private func store(_ value: UInt32, _ bytes: inout [UInt8], _ offset: Int) {
    for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte)) }
  }

  private func readEverything(_ state: IndexSnapshot) {
    var (live, keyBytes) = (0, 0)
    for row in 0..<UInt32(state.count) {
      live += state.live[row] ? 1 : 0
      keyBytes += state.keys[row].utf8.count
      #expect(state.members[row] < 3 && state.works.group(of: row) ?? 0 < 7)
    }
    // Bytes that are no UTF-8 are read as a character of three.
    #expect(live == state.liveCount && keyBytes <= 3 * sound.count)
  }
}
