import Testing
import VectorFiles

@Suite struct HalfPrecisionTests {
  #if !(os(macOS) && arch(x86_64))
    @Test func widensEveryPatternExactly() {
      var wrong: [UInt16] = []
      for bits in UInt16.min...UInt16.max {
        let expected = Float(Float16(bitPattern: bits))
        let widened = HalfPrecision.widen(bits)
        let isRight = expected.isNaN ? widened.isNaN : widened.bitPattern == expected.bitPattern
        if !isRight { wrong.append(bits) }
      }
      #expect(wrong == [])
    }

    /// Every pattern, the middle between it and the next, and the numbers just beside the middle.
    @Test func narrowsToTheNearest() {
      var wrong: [Float] = []
      for bits in UInt16.min..<0x7C00 {
        let low = Float(Float16(bitPattern: bits))
        let middle = bits == 0x7BFF ? 65_520 : (low + Float(Float16(bitPattern: bits + 1))) / 2
        for value in [low, middle, middle.nextUp, middle.nextDown, low.nextUp] {
          for signed in [value, -value] where HalfPrecision.narrow(signed) != Float16(signed).bitPattern {
            wrong.append(signed)
          }
        }
      }
      #expect(wrong == [])
    }
  #endif

  @Test(
    arguments: [
      (Float.infinity, 0x7C00), (-Float.infinity, 0xFC00), (65_504, 0x7BFF), (65_520, 0x7C00), (1e30, 0x7C00),
      (-0.0, 0x8000), (1e-30, 0), (5.9604645e-8, 1), (2.9802322e-8, 0), (1, 0x3C00),
    ] as [(Float, UInt16)])
  func narrowsTheEdges(value: Float, expected: UInt16) {
    #expect(HalfPrecision.narrow(value) == expected)
  }

  @Test func keepsNaN() {
    #expect(HalfPrecision.widen(HalfPrecision.narrow(.nan)).isNaN)
  }
}
