extension JSONScanner {
  /// Reads the elements of an array of numbers for as long as they have the usual form.
  ///
  /// The usual form is one digit, a point, and up to 24 digits: what every JSON library prints for the numbers of
  /// embeddings. What else JSON allows is left to ``float()``, and so is a number near the end of the text.
  ///
  /// - Parameters:
  ///   - out: Room for `limit` numbers.
  ///   - limit: The most to read.
  /// - Returns: How many were read. The scanner stands after the last, before the comma; or where it stood.
  /// - Complexity: O(bytes); two words of text for a number of float precision, three for one of double precision.
  mutating func usualFloats(into out: UnsafeMutablePointer<Float>, limit: Int) -> Int {
    let last = count - Self.usualRoom
    var at = position
    var end = at
    var read = 0
    while read < limit, at <= last, let number = usualFloat(at: at) {
      // SAFETY: fewer than `limit` numbers were written before this one.
      unsafe out[read] = number.value
      read += 1
      end = number.end
      guard self[end] == UInt8(ascii: ",") else { break }
      at = end + 1
      if self[at] == UInt8(ascii: " ") { at += 1 }
    }
    advance(to: end)
    return read
  }

  /// Bytes that reading a number of the usual form may look at: sign, digit, point, three words, what follows, a space.
  private static var usualRoom: Int { 32 }

  /// The number at a place, if it has the usual form and a comma or the end of an array follows.
  @inline(__always)
  private func usualFloat(at start: Int) -> (value: Float, end: Int)? {
    let isNegative = self[start] == UInt8(ascii: "-")
    let first = start &+ (isNegative ? 1 : 0)
    let whole = self[first] &- UInt8(ascii: "0")
    guard whole <= 9, self[first &+ 1] == UInt8(ascii: "."), let fraction = fraction(at: first &+ 2) else { return nil }
    let end = first &+ 2 &+ fraction.count
    guard self[end] == UInt8(ascii: ",") || self[end] == UInt8(ascii: "]") else { return nil }
    // Three roundings, so that the result is within 4 units in the last place.
    let value = Double(fraction.digits) * PowersOfTen.inverse(fraction.count) + Double(whole)
    guard value != 0 else { return (isNegative ? -0.0 : 0.0, end) }
    guard let float = Float(nearlyExact: value) else { return nil }
    return (Float(bitPattern: float.bitPattern | (isNegative ? 0x8000_0000 : 0)), end)
  }

  /// One to 24 digits at a place, as one number; nil if there is none or it does not fit.
  @inline(__always)
  private func fraction(at start: Int) -> (digits: Int64, count: Int)? {
    let (one, two) = (EightDigits(word(at: start)), EightDigits(word(at: start &+ 8)))
    if one.isWhole, two.isWhole {
      let three = EightDigits(word(at: start &+ 16))
      let (sixteen, count) = (one.all &* 100_000_000 &+ two.all, three.count)
      let (shifted, isTooLarge) = Int64(sixteen).multipliedReportingOverflow(by: PowersOfTen.integer(count))
      let (digits, isStillTooLarge) = shifted.addingReportingOverflow(three.first(count))
      return isTooLarge || isStillTooLarge ? nil : (digits, 16 &+ count)
    }
    let (ones, twos) = (one.count, one.isWhole ? two.count : 0)
    guard ones > 0 else { return nil }
    return (one.first(ones) &* PowersOfTen.integer(twos) &+ two.first(twos), ones &+ twos)
  }
}
