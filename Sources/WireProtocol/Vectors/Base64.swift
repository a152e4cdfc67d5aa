/// Base64 (RFC 4648, section 4), strict: padding required, no white space, unused bits zero.
enum Base64 {
  /// Where a text stopped being base64.
  struct Misplaced: Error {
    /// The first character that does not belong there; the length of the text where characters are missing.
    let offset: Int
  }

  private static let alphabet: [UInt8] = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The six bits of a character, shifted to each of four places of 24 bits; the top byte is set where it is none.
  ///
  /// One table of 4 × 256 words, so that four characters become three bytes by four look-ups and three ORs.
  private static let table: [UInt32] = {
    var table = [UInt32](repeating: 0xFF00_0000, count: 1024)
    for (value, character) in alphabet.enumerated() {
      for place in 0..<4 { table[place * 256 + Int(character)] = UInt32(value) << UInt32(18 - 6 * place) }
    }
    return table
  }()

  /// Bytes that ``decode(_:into:)`` may write for a text: what it stands for, and one more.
  static func room(for characters: Int) -> Int { characters / 4 * 3 + 1 }

  /// Decodes a text.
  ///
  /// - Parameters:
  ///   - text: The characters.
  ///   - out: ``room(for:)`` bytes.
  /// - Returns: How many bytes were written, or the first character that does not belong there.
  static func decode(_ text: UnsafeRawBufferPointer, into out: UnsafeMutableRawPointer) -> Result<Int, Misplaced> {
    // SAFETY: the caller lends the text and the room; the table has four times 256 words.
    unsafe table.withUnsafeBufferPointer { table in
      guard let words = table.baseAddress, let base = text.baseAddress, text.count > 0 else {
        return .success(0)
      }
      // The last quad may be padded, or short.
      let quads = (text.count - 1) / 4
      for quad in 0..<quads {
        let word = unsafe bits(of: base + quad * 4, words)
        guard word < 0x0100_0000 else { return .failure(unsafe firstMisplaced(text, from: quad * 4, words)) }
        // Four bytes are written; the next quad overwrites the fourth.
        unsafe out.storeBytes(of: (word << 8).bigEndian, toByteOffset: quad * 3, as: UInt32.self)
      }
      return unsafe decodeLast(text, from: quads * 4, into: out + quads * 3, words).map { quads * 3 + $0 }
    }
  }

  /// The 24 bits of four characters; the top byte is set where one does not belong there.
  @inline(__always)
  private static func bits(of quad: UnsafeRawPointer, _ words: UnsafePointer<UInt32>) -> UInt32 {
    // SAFETY: as in `decode`.
    let characters = unsafe UInt32(littleEndian: quad.loadUnaligned(as: UInt32.self))
    return unsafe words[Int(characters & 0xFF)] | words[256 + Int(characters >> 8 & 0xFF)]
      | words[512 + Int(characters >> 16 & 0xFF)] | words[768 + Int(characters >> 24)]
  }

  /// Decodes what is left after the whole quads: one to four characters, padding among them.
  private static func decodeLast(
    _ text: UnsafeRawBufferPointer, from start: Int, into out: UnsafeMutableRawPointer,
    _ words: UnsafePointer<UInt32>
  ) -> Result<Int, Misplaced> {
    // SAFETY: as in `decode`; at most three bytes are written.
    var end = text.count
    if end - start == 4 {
      for _ in 0..<2 where unsafe text[end - 1] == UInt8(ascii: "=") { end -= 1 }
    }
    var word: UInt32 = 0
    for index in start..<end {
      let bits = unsafe words[(index - start) * 256 + Int(text[index])]
      guard bits < 0x0100_0000 else { return .failure(Misplaced(offset: index)) }
      word |= bits
    }
    guard text.count - start == 4 else { return .failure(Misplaced(offset: text.count)) }
    let count = end - start - 1
    guard word << UInt32(8 + 8 * count) == 0 else { return .failure(Misplaced(offset: end - 1)) }
    for byte in 0..<count {
      unsafe out.storeBytes(
        of: UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * byte)), toByteOffset: byte, as: UInt8.self)
    }
    return .success(count)
  }

  private static func firstMisplaced(
    _ text: UnsafeRawBufferPointer, from start: Int, _ words: UnsafePointer<UInt32>
  ) -> Misplaced {
    // SAFETY: the caller found a misplaced character among the four from `start` on.
    Misplaced(offset: (start..<start + 4).first { unsafe words[Int(text[$0])] >= 0x0100_0000 } ?? start)
  }

  /// Adds the text of some bytes to a buffer.
  static func encode(_ bytes: UnsafeRawBufferPointer, to out: inout ByteBuffer) {
    var at = 0
    while at < bytes.count {
      // SAFETY: at most the bytes that are left are read.
      let left = min(3, bytes.count - at)
      var word: UInt32 = 0
      for index in 0..<left { unsafe word |= UInt32(bytes[at + index]) << UInt32(16 - 8 * index) }
      for place in 0..<4 {
        out.append(place <= left ? alphabet[Int(word >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
      }
      at += left
    }
  }
}
