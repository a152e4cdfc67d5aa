import Foundation
import TestSupport
import Testing
import WireProtocol

/// Numbers are rounded once, to the nearest: bit for bit what the standard library reads from the same text.
@Suite struct NumberTests {
  /// A way of writing numbers, seeded.
  enum Style: String, CaseIterable {
    case shortFloats, floatsAsDoubles, doubles, anyFloats, anyDoubles, exponents, subnormals, fortyDigits, leadingZeros
    case trailingZeros, integers, nearHalfway

    func text(_ random: inout SeededGenerator) -> String {
      let float = Float.random(in: -1...1, using: &random)
      let double = Double.random(in: -1...1, using: &random)
      switch self {
      case .shortFloats: return float.description
      case .floatsAsDoubles: return Double(float * 0.04).description
      case .doubles: return double.description
      case .anyFloats: return Float(bitPattern: UInt32.random(in: 0..<0x7F80_0000, using: &random)).description
      case .anyDoubles:
        return Double(bitPattern: UInt64.random(in: 0..<0x7FF0_0000_0000_0000, using: &random)).description
      case .exponents:
        let exponent = Int.random(in: -60...45, using: &random)
        let mark = ["e", "E", "e+", "e0"][Int.random(in: 0...3, using: &random)]
        let text = "\(Int.random(in: 0...9, using: &random)).\(digits(1...20, &random))\(mark)\(exponent)"
        return text.replacing("+-", with: "-").replacing("e0-", with: "e-0")
      case .subnormals: return Float(bitPattern: UInt32.random(in: 0..<0x0100_0000, using: &random)).description
      case .fortyDigits: return "0.\(digits(30...40, &random))"
      case .leadingZeros:
        return "-0.\(String(repeating: "0", count: Int.random(in: 0...50, using: &random)))\(digits(1...25, &random))"
      case .trailingZeros:
        return
          "\(digits(1...3, &random, first: 1)).\(digits(1...9, &random))\(String(repeating: "0", count: Int.random(in: 0...30, using: &random)))"
      case .integers: return "\(digits(1...38, &random, first: 1))"
      case .nearHalfway:
        let low = Float(bitPattern: UInt32.random(in: 0x3000_0000..<0x4100_0000, using: &random))
        let middle = (Double(low) + Double(low.nextUp)) / 2
        let ulps = UInt64.random(in: 0...40, using: &random)
        return Double(bitPattern: middle.bitPattern + ulps - 20).description
      }
    }

    private func digits(_ count: ClosedRange<Int>, _ random: inout SeededGenerator, first: Int = 0) -> String {
      (0..<Int.random(in: count, using: &random)).map {
        "\(Int.random(in: $0 == 0 ? first...9 : 0...9, using: &random))"
      }
      .joined()
    }
  }

  @Test(arguments: Style.allCases)
  func floatsAreBitExact(_ style: Style) throws {
    var random = SeededGenerator(seed: 0xF10A7)
    let vectors = VectorBuffer()
    for _ in 0..<25 {
      let texts = (0..<1000).map { _ in style.text(&random) }
      var inRange: [String] = []
      for text in texts {
        let expected = try #require(Float(text))
        if expected.isFinite {
          inRange.append(text)
          let found = try Scan.float(text)
          if found.bitPattern != expected.bitPattern { Issue.record("\(text) became \(found)") }
        } else {
          #expect(throws: WireError.self) { try Scan.float(text) }
        }
      }
      // In arrays, numbers of the usual form are read another way; with every spacing that programs write.
      for separator in [",", ", ", " ,  "] {
        let array = "[" + inRange.joined(separator: separator) + "]"
        guard Wire.request(Wire.line("search", #"{"vector":\#(array)}"#), vectors: vectors) != nil else {
          Issue.record("refused: \(array)")
          continue
        }
        let numbers = Wire.numbers(of: vectors)
        #expect(numbers.count == inRange.count)
        for (number, text) in zip(numbers, inRange) where number.bitPattern != Float(text)?.bitPattern {
          Issue.record("\(text) became \(number)")
        }
      }
    }
  }

  /// The middle between two floats in all its digits goes to the even one; the least bit more or less goes to its side.
  @Test func halvesAreRoundedToEven() throws {
    var random = SeededGenerator(seed: 0xEEE)
    for round in 0..<20_000 {
      // From subnormal to large.
      let bits =
        round % 3 == 0
        ? UInt32.random(in: 0..<0x7F00_0000, using: &random)
        : UInt32.random(in: 0x3A00_0000..<0x4080_0000, using: &random)
      let low = Float(bitPattern: bits)
      let middle = (Double(low) + Double(low.nextUp)) / 2
      let text = String(format: "%.160f", middle).trimmed
      let even = bits % 2 == 0 ? low : low.nextUp
      #expect(try Scan.float(text) == even)
      #expect(try Scan.float(text + (text.contains(".") ? "" : ".") + "000000000000000001") == low.nextUp)
      let below = try #require(text.justBelow)
      #expect(try Scan.float(below) == low, "\(below)")
    }
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", -0.0), ("0e5", 0), ("0.000e-99999999999999999999", 0), ("1e-400", 0), ("-1e-400", -0.0),
      ("1e-46", 0),
      ("7e-46", 0), ("7.1e-46", .leastNonzeroMagnitude), ("3.4028235e38", .greatestFiniteMagnitude),
      ("3.40282356e38", .greatestFiniteMagnitude),
      ("16777217", 16_777_216), ("16777219", 16_777_220), ("1e22", 1e22), ("1E-5", 1e-5),
      ("100000000000000000000000000000000000000", 1e38),
      ("0.00000000000000000000000000000000000000000000000000001e50", 1e-3), ("100e-2", 1),
    ] as [(String, Float)])
  func edgesOfTheRange(_ text: String, _ expected: Float) throws {
    #expect(try Scan.float(text).bitPattern == expected.bitPattern)
  }

  @Test(arguments: [
    "3.4028236e38", "-3.4028236e38", "1e39", "1e400", "-1e400", "1e999999999999999999999",
    "1" + String(repeating: "0", count: 39),
  ])
  func beyondTheRangeIsRefused(_ text: String) {
    let error = WireError(.invalidParams, "the number is beyond the range of 32-bit floats", offset: 0, got: text)
    #expect(throws: error) { try Scan.float(text) }
  }

  /// An exponent never makes up for digits that were not counted.
  @Test func giantExponentsAndGiantFractionsAreExact() throws {
    let zeros = String(repeating: "0", count: 1_000_020)
    #expect(try Scan.float("0.\(zeros)1e1000020") == 0.1)
    #expect(throws: WireError.self) { try Scan.float("0.\(zeros)1e1000500") }
    #expect(try Scan.float("1\(zeros)e-1000020") == 1)
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("-1", -1), ("9007199254740993", 9_007_199_254_740_993), ("9223372036854775807", .max),
      ("-9223372036854775808", .min), ("9223372036854775808", nil), ("-9223372036854775809", nil),
      ("18446744073709551616", nil),
      ("10000000000000000000", nil), ("1.0", nil), ("1e2", nil), ("1e400", nil),
      (String(repeating: "9", count: 60), nil),
    ] as [(String, Int64?)])
  func integersAreWholeNumbersOf64Bits(_ text: String, _ expected: Int64?) throws {
    #expect(try Scan.integer(text) == expected)
  }

  @Test func doublesAreBitExact() throws {
    var random = SeededGenerator(seed: 0xD0B)
    for style in Style.allCases {
      for _ in 0..<1000 {
        let text = style.text(&random)
        #expect(try Scan.double(text).bitPattern == Double(text)?.bitPattern)
      }
    }
    #expect(throws: WireError.self) { try Scan.double("1e400") }
  }
}

extension String {
  /// Without the zeros at its end.
  fileprivate var trimmed: String {
    guard contains(".") else { return self }
    let digits = String(reversed().drop { $0 == "0" }.reversed())
    return digits.hasSuffix(".") ? String(digits.dropLast()) : digits
  }

  /// The decimal one unit less in the last digit.
  fileprivate var justBelow: String? {
    var digits = Array(utf8)
    var at = digits.count - 1
    while at >= 0 {
      if digits[at] == UInt8(ascii: ".") {
        at -= 1
      } else if digits[at] > UInt8(ascii: "0") {
        digits[at] -= 1
        let below = String(decoding: digits, as: UTF8.self)
        return below.hasPrefix("0") && !below.hasPrefix("0.") ? String(below.dropFirst()) : below
      } else {
        digits[at] = UInt8(ascii: "9")
        at -= 1
      }
    }
    return nil
  }
}
