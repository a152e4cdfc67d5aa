/// CRC-32C (Castagnoli), the checksum that every stored row and file header carries.
///
/// Detects every burst of damage of up to 32 bits and every error of up to three bits at the lengths in use. Eight bytes a step by eight tables
/// ("slicing-by-8", Kounavis and Berry 2005). It is a guard against decay, not against forgery.
public struct Checksum: Sendable {
  private var state: UInt32 = ~0

  /// A checksum of nothing yet.
  public init() {}

  /// The checksum of everything added so far.
  public var value: UInt32 { ~state }

  /// The checksum of some bytes.
  ///
  /// - Complexity: O(*n*), about 2 GB/s.
  public static func of(_ bytes: Span<UInt8>) -> UInt32 {
    var checksum = Checksum()
    checksum.add(bytes)
    return checksum.value
  }

  /// Goes on over some more bytes.
  ///
  /// - Complexity: O(*n*).
  public mutating func add(_ bytes: Span<UInt8>) {
    let tables = Self.tables
    var crc = state
    let whole = bytes.count & ~7
    unsafe bytes.withUnsafeBytes { raw in
      unsafe tables.withUnsafeBufferPointer { table in
        var at = 0
        while at < whole {
          // SAFETY: at + 8 ≤ whole ≤ count; every table index is a byte plus a multiple of 256 below 2,048.
          let word = unsafe UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
          let low = UInt32(truncatingIfNeeded: word) ^ crc
          let high = UInt32(truncatingIfNeeded: word >> 32)
          let first = unsafe table[1792 + Int(low & 0xFF)] ^ table[1536 + Int(low >> 8 & 0xFF)]
          let second = unsafe table[1280 + Int(low >> 16 & 0xFF)] ^ table[1024 + Int(low >> 24)]
          let third = unsafe table[768 + Int(high & 0xFF)] ^ table[512 + Int(high >> 8 & 0xFF)]
          let fourth = unsafe table[256 + Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
          crc = first ^ second ^ third ^ fourth
          at += 8
        }
      }
    }
    for at in whole..<bytes.count {
      crc = tables[Int((crc ^ UInt32(bytes[at])) & 0xFF)] ^ (crc >> 8)
    }
    state = crc
  }

  /// Table *t* at 256·*t*: the effect of a byte followed by *t* zero bytes.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 2048)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? 0x82F6_3B78 ^ (crc >> 1) : crc >> 1 }
      tables[byte] = crc
    }
    for at in 256..<2048 {
      let before = tables[at - 256]
      tables[at] = tables[Int(before & 0xFF)] ^ (before >> 8)
    }
    return tables
  }()
}
