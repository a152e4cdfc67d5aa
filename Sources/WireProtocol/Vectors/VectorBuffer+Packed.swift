extension VectorBuffer {
  /// Consumes a string of base64 and puts the bytes that it stands for at the beginning of the memory.
  ///
  /// The text is decoded before it is known to be a string of JSON: where it is base64 up to a quote, it is one.
  ///
  /// - Parameter scanner: Stands before the opening quote.
  /// - Returns: How many bytes there are, or where the text is no base64.
  /// - Throws: `parse_error`.
  func unpack(_ scanner: inout JSONScanner) throws(WireError) -> Result<Int, Base64.Misplaced> {
    let start = scanner.position + 1
    // SAFETY: the text is borrowed for the call.
    if let quote = scanner.quote(from: start), case .success(let bytes) = unsafe unpack(scanner.slice(start..<quote)) {
      scanner.advance(to: quote + 1)
      return .success(bytes)
    }
    let text = try scanner.string()
    guard text.hasEscapes else { return unsafe unpack(scanner.slice(text.range)) }
    // Some libraries write a plus sign or a slash as an escape.
    return unsafe scanner.text(of: text).utf8.span.withUnsafeBytes { unsafe unpack($0) }
  }

  private func unpack(_ text: UnsafeRawBufferPointer) -> Result<Int, Base64.Misplaced> {
    reserve((Base64.room(for: text.count) + 3) / 4)
    // SAFETY: room for all that the text can stand for was just made.
    return unsafe Base64.decode(text, into: UnsafeMutableRawPointer(start))
  }

  /// Turns the unpacked bytes into floats.
  func widen(from type: PackedType, scale: Float) {
    guard type != .float32 else { return }
    let count = count * dimension
    let bytes = count * type.bytes
    reserve(count + (bytes + 3) / 4)
    // SAFETY: room was made for the floats and behind them for the bytes, which move there first, so that the loops below
    // read and write apart from each other; both run over `count` numbers.
    let floats = unsafe start
    let packed = unsafe UnsafeMutableRawPointer(floats + count)
    unsafe packed.copyMemory(from: floats, byteCount: bytes)
    if type == .float16 {
      for index in 0..<count {
        let half = unsafe packed.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        unsafe floats[index] = Float(half: UInt16(littleEndian: half))
      }
    } else {
      for index in 0..<count {
        unsafe floats[index] = Float(packed.loadUnaligned(fromByteOffset: index, as: Int8.self)) * scale
      }
    }
  }

  /// The first number that is infinite or none at all.
  var firstNotFinite: Int? {
    withNumbers { numbers in
      // One pass without a branch in it: the exponent of what is not finite is all ones.
      var greatest: UInt32 = 0
      for index in numbers.indices { greatest = max(greatest, numbers[index].bitPattern & 0x7FFF_FFFF) }
      return greatest < 0x7F80_0000 ? nil : numbers.indices.first { !numbers[$0].isFinite }
    }
  }
}
