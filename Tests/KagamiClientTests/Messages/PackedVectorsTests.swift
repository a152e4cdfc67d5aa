import Foundation
import KagamiClient
import Testing

/// Vectors as they travel.
@Suite struct PackedVectorsTests {
  private func text(_ vectors: PackedVectors) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(vectors), as: UTF8.self)
  }

  @Test func singleAndHalfPrecisionAreWritten() throws {
    #expect(
      try text(PackedVectors([0.5, 1], dimension: 2)) == #"{"b64":"AAAAPwAAgD8=","dtype":"f32le","shape":[1,2]}"#)
    #expect(
      try text(PackedVectors([0.5, 1], dimension: 1, as: .float16))
        == #"{"b64":"ADgAPA==","dtype":"f16le","shape":[2,1]}"#)
    #expect(throws: ClientError.raggedVectors(count: 3, dimension: 2)) { try PackedVectors([1, 2, 3], dimension: 2) }
    #expect(throws: ClientError.raggedVectors(count: 2, dimension: 0)) {
      try PackedVectors(halves: [1, 2], dimension: 0)
    }
  }

  #if !(os(macOS) && arch(x86_64))
    /// Every half, and what lies between two of them, against the hardware's rounding.
    @Test func halvesAreRoundedAsTheHardwareDoes() throws {
      var numbers: [Float] = []
      for bits in UInt16.min...UInt16.max {
        let half = Float16(bitPattern: bits)
        guard half.isFinite else { continue }
        let (one, next) = (Float(half), Float(half.nextUp))
        numbers += [
          one, one.nextUp, one.nextDown, (one + next) / 2, ((one + next) / 2).nextUp, ((one + next) / 2).nextDown,
        ]
      }
      numbers += [65_504, 65_519.996, 65_520, 1e9, -1e9, 1e-30, -1e-30].map { Float($0) }
      numbers.removeAll { !$0.isFinite }
      let expected = PackedBits(numbers.map { Float16($0).bitPattern })
      let found = try JSONDecoder().decode(
        PackedBits.self, from: JSONEncoder().encode(PackedVectors(numbers, dimension: numbers.count, as: .float16)))
      #expect(found == expected)
    }
  #endif
}

/// The bits of packed halves.
private struct PackedBits: Decodable, Equatable {
  let b64: String

  init(_ halves: [UInt16]) {
    b64 = halves.withUnsafeBytes { Data($0) }.base64EncodedString()
  }
}
