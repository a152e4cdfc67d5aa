/// Values that a catalogue keeps, and readers of its answers have to understand.
///
/// JSON has numbers without bounds; its readers have doubles and, some of them, integers of 64 bits. A number beyond both would make every answer
/// that shows it unreadable for one or the other, so it is refused where it comes in.
extension JSONScanner {
  private static let beyondIntegers =
    "the integer is beyond 64 bits, so that readers of answers could not keep it; write it as a string"
  private static let beyondDoubles =
    "the number is beyond the range of doubles, so that readers of answers could not keep it; write it as a string"

  /// Consumes a number exactly.
  ///
  /// - Parameter pointer: Where it stands, for the error.
  /// - Returns: The number.
  /// - Throws: `parse_error` where it is none; `invalid_params` for an integer beyond 64 bits, and where it is beyond the range of doubles.
  package mutating func exactNumber(at pointer: String) throws(WireError) -> ExactNumber {
    let number = try number()
    if number.isWhole {
      if let integer = number.integer { return .integer(integer) }
      throw refusal(of: number, Self.beyondIntegers, pointer)
    }
    if let double = exactDouble(number) { return ExactNumber(double) }
    throw refusal(of: number, Self.beyondDoubles, pointer)
  }

  /// Consumes a number if one comes next; otherwise nil, and what comes next is left.
  ///
  /// - Throws: As ``exactNumber(at:)`` does.
  mutating func takeExactNumber(at pointer: String) throws(WireError) -> ExactNumber? {
    let byte = try peek()
    guard byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") <= 9 else { return nil }
    do throws(WireError) { return try exactNumber(at: pointer) } catch { throw error.withoutOffset }
  }

  /// Consumes the number of a timecode, which is kept as a double.
  ///
  /// - Parameter pointer: Where it stands, for the error.
  /// - Returns: The number.
  /// - Throws: As ``exactNumber(at:)`` does, and for an integer that no double holds.
  package mutating func timecode(at pointer: String) throws(WireError) -> Double {
    let start = position
    let number = try exactNumber(at: pointer)
    if case .integer(let integer) = number, Int64(exactly: number.double) != integer {
      throw WireError(
        .invalidParams, "a timecode is kept as a double, which does not hold this integer; write it as a string",
        pointer: pointer, offset: start, got: "\(integer)")
    }
    return number.double
  }

  /// Reads over a value that is kept as it is written.
  ///
  /// - Throws: `parse_error`, or `invalid_params` for a number that readers could not keep; its pointer begins at the value.
  package mutating func skipKeptValue() throws(WireError) {
    switch try peek() {
    case UInt8(ascii: "{"):
      var object = try beginObject()
      while let key = try nextKey(of: &object) {
        do throws(WireError) { try skipKeptValue() } catch { throw error.inside(text(of: key)) }
      }
    case UInt8(ascii: "["):
      var (array, index) = (try beginArray(), 0)
      while try nextElement(of: &array) {
        do throws(WireError) { try skipKeptValue() } catch { throw error.inside("\(index)") }
        index += 1
      }
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try exactNumber(at: "")
    default: try skipValue()
    }
  }

  private func refusal(of number: Number, _ message: String, _ pointer: String) -> WireError {
    WireError(
      .invalidParams, message, pointer: pointer, offset: number.range.lowerBound,
      got: WireError.excerpt(copy(number.range)))
  }
}

extension WireError {
  /// The error of a value that stands in a larger one.
  fileprivate func inside(_ name: String) -> WireError {
    guard kind != .parseError else { return self }
    var error = self
    error.pointer = "/" + Self.escaped(name) + (pointer ?? "")
    return error
  }
}
