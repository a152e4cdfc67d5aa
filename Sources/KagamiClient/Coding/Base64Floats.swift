/// Vectors as base64 of little-endian 32-bit floats: the cheapest form on the wire.
package enum Base64Floats {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The number of characters that so many floats become.
  package static func characterCount(of floats: Int) -> Int { (floats * 4 + 2) / 3 * 4 }

  /// Appends the characters of some floats, padded to whole groups of four.
  ///
  /// - Complexity: O(*n*) for *n* floats; three floats make sixteen characters.
  /// - Allocates: Nothing, where `line` has room.
  package static func append(_ floats: ArraySlice<Float>, to line: inout [UInt8]) {
    let alphabet = alphabet
    line.append(addingCapacity: characterCount(of: floats.count)) { output in
      let characters = alphabet.span
      let floats = floats.span
      let whole = floats.count / 3 * 3
      var index = 0
      while index < whole {
        let (first, second, third) = (word(floats[index]), word(floats[index + 1]), word(floats[index + 2]))
        put(first >> 8, of: 4, from: characters, to: &output)
        put(first << 16 | second >> 16, of: 4, from: characters, to: &output)
        put(second << 8 | third >> 24, of: 4, from: characters, to: &output)
        put(third, of: 4, from: characters, to: &output)
        index += 3
      }
      guard index < floats.count else { return }
      let first = word(floats[index])
      let second = index + 1 < floats.count ? word(floats[index + 1]) : 0
      put(first >> 8, of: 4, from: characters, to: &output)
      if index + 1 == floats.count {
        put(first << 16, of: 2, from: characters, to: &output)
      } else {
        put(first << 16 | second >> 16, of: 4, from: characters, to: &output)
        put(second << 8, of: 3, from: characters, to: &output)
      }
    }
  }

  /// A float's four bytes as they travel, the first one in the highest bits.
  @inline(__always)
  private static func word(_ float: Float) -> UInt32 { float.bitPattern.byteSwapped }

  /// Appends the first `count` characters of the lowest 24 bits, and padding in place of the others.
  @inline(__always)
  private static func put(
    _ bits: UInt32, of count: Int, from characters: Span<UInt8>, to output: inout OutputSpan<UInt8>
  ) {
    output.append(characters[Int(bits >> 18 & 63)])
    output.append(characters[Int(bits >> 12 & 63)])
    output.append(count > 2 ? characters[Int(bits >> 6 & 63)] : UInt8(ascii: "="))
    output.append(count > 3 ? characters[Int(bits & 63)] : UInt8(ascii: "="))
  }
}
