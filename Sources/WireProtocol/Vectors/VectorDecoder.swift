/// Reads the vectors of a request into a ``VectorBuffer``.
///
/// Three forms: an array of numbers, an array of such arrays, or `{"b64", "dtype", "shape", "scale"}`. Whatever a vector
/// must be in itself is checked here; what it must be for a catalogue (dimension, a direction) where the catalogue is known.
package struct VectorDecoder {
  let limits: Limits

  /// A decoder that keeps to the limits of vectors and numbers.
  package init(limits: Limits) {
    self.limits = limits
  }

  /// Reads `vector` or `vectors`.
  ///
  /// - Parameters:
  ///   - many: Whether it is `vectors`.
  ///   - scanner: Stands before the value.
  ///   - pointer: Of the value.
  ///   - buffer: Gets the numbers.
  /// - Throws: `parse_error`, `invalid_params` or `too_large`.
  package func decode(
    many: Bool, _ scanner: inout JSONScanner, at pointer: String, into buffer: VectorBuffer
  ) throws(WireError) {
    buffer.reset()
    buffer.isMany = many
    switch try scanner.peek() {
    case UInt8(ascii: "{"): try decodePacked(many: many, &scanner, pointer, buffer)
    case UInt8(ascii: "["): try many ? decodeRows(&scanner, pointer, buffer) : decodeRow(&scanner, pointer, buffer)
    default:
      throw .invalid(
        pointer,
        many
          ? "expected an array of vectors or {\"b64\", \"dtype\", \"shape\"}"
          : "expected an array of numbers or {\"b64\", \"dtype\"}")
    }
    guard buffer.count > 0 else { throw .invalid(pointer, "expected at least one vector") }
    guard buffer.dimension > 0 else { throw .invalid(many ? "\(pointer)/0" : pointer, "the vector has no numbers") }
  }

  // MARK: Arrays

  private func decodeRow(_ scanner: inout JSONScanner, _ pointer: String, _ buffer: VectorBuffer) throws(WireError) {
    buffer.dimension = try numbers(&scanner, from: 0, Place(pointer: pointer), buffer)
    buffer.count = 1
  }

  private func decodeRows(_ scanner: inout JSONScanner, _ pointer: String, _ buffer: VectorBuffer) throws(WireError) {
    var rows = try scanner.beginArray()
    while try scanner.nextElement(of: &rows) {
      let place = Place(pointer: pointer, row: buffer.count)
      guard buffer.count < limits.vectors else { throw tooManyVectors(pointer) }
      guard try scanner.peek() == UInt8(ascii: "[") else {
        throw .invalid(place.text, "expected an array of numbers")
      }
      let found = try numbers(&scanner, from: buffer.count * buffer.dimension, place, buffer)
      if buffer.count == 0 { buffer.dimension = found }
      guard found == buffer.dimension else {
        throw .invalid(
          place.text, "the vectors of a request must be equally long: \(buffer.dimension) numbers, as the first",
          got: "\(found) numbers")
      }
      buffer.count += 1
    }
  }

  /// Reads one array of numbers to a place in the buffer.
  private func numbers(
    _ scanner: inout JSONScanner, from start: Int, _ place: Place, _ buffer: VectorBuffer
  ) throws(WireError) -> Int {
    buffer.reserve(start + limits.dimension)
    var array = try scanner.beginArray()
    var count = 0
    while try scanner.nextElement(of: &array) {
      guard count < limits.dimension else { throw tooManyNumbers(place.text) }
      let usual = buffer.readUsualNumbers(&scanner, from: start + count, limit: limits.dimension - count)
      count += usual
      if usual == 0 {
        buffer[start + count] = try element(&scanner, count, place)
        count += 1
      }
    }
    return count
  }

  private func element(_ scanner: inout JSONScanner, _ index: Int, _ place: Place) throws(WireError) -> Float {
    if let number = try scanner.takeFloat() { return number }
    let byte = try scanner.peek()
    guard byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") <= 9 else {
      throw .invalid("\(place.text)/\(index)", "expected a number")
    }
    throw .invalid("\(place.text)/\(index)", "the number is beyond the range of 32-bit floats")
  }

  /// Where an array of numbers stands; a text only when it is needed.
  private struct Place {
    let pointer: String
    var row: Int?

    var text: String { row.map { "\(pointer)/\($0)" } ?? pointer }
  }

  // MARK: Limits

  func tooManyVectors(_ pointer: String) -> WireError {
    WireError(
      .tooLarge, "a request has at most \(limits.vectors) vectors; send several", pointer: pointer,
      limit: limits.vectors)
  }

  func tooManyNumbers(_ pointer: String) -> WireError {
    WireError(
      .tooLarge, "a vector has at most \(limits.dimension) numbers", pointer: pointer, limit: limits.dimension)
  }
}
