import Foundation

/// Checksums as the files of a catalogue carry them, made here on their own: with them a forged file looks sound.
enum Seal {
  /// CRC-32C (Castagnoli) of some bytes.
  static func crc(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8 }
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0x82F6_3B78 ^ crc >> 1 : crc >> 1 }
  }

  /// Makes the checksums of a snapshot right, as far as its header still says where they are.
  static func snapshot(_ bytes: inout [UInt8]) {
    let list = bytes.littleEndian(at: 56, bytes: 8)
    if list < UInt64(bytes.count) {
      var at = Int(list)
      for range in SnapshotPlaces(bytes).sections {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) where at + 4 <= bytes.count {
          bytes.store(UInt64(crc(bytes[start..<min(range.upperBound, start + 1 << 20)])), at: at, bytes: 4)
          at += 4
        }
      }
      bytes.store(UInt64(crc(bytes[Int(list)...])), at: 64, bytes: 4)
    }
    bytes.store(UInt64(crc(bytes[..<4092])), at: 4092, bytes: 4)
  }

  /// Makes the checksum of a row file's header right.
  static func rows(_ bytes: inout [UInt8]) {
    bytes.store(UInt64(crc(bytes[..<48])), at: 48, bytes: 4)
  }

  /// Makes the checksums of all frames of SQLite's log right.
  ///
  /// Each goes on from the one before: two sums over pairs of words, in the byte order that the log's magic number names.
  static func log(_ bytes: inout [UInt8]) {
    guard bytes.count > 32 else { return }
    let isBig = bytes[3] & 1 == 1
    let page = Int(bytes.bigEndian(at: 8))
    var sums: (UInt32, UInt32) = (0, 0)
    func add(_ range: Range<Int>) {
      for at in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
        let pair = (0..<2).map { word -> UInt32 in
          let number = bytes.bigEndian(at: at + 4 * word)
          return isBig ? number : number.byteSwapped
        }
        sums.0 = sums.0 &+ pair[0] &+ sums.1
        sums.1 = sums.1 &+ pair[1] &+ sums.0
      }
    }
    func put(at place: Int) {
      bytes.store(UInt64(sums.0.byteSwapped), at: place, bytes: 4)
      bytes.store(UInt64(sums.1.byteSwapped), at: place + 4, bytes: 4)
    }
    add(0..<24)
    put(at: 24)
    guard (512...65536).contains(page), page.isMultiple(of: 8) else { return }
    for frame in stride(from: 32, through: bytes.count - 24 - page, by: 24 + page) {
      add(frame..<frame + 8)
      add(frame + 24..<frame + 24 + page)
      put(at: frame + 16)
    }
  }
}

/// Where the parts of a snapshot lie, as far as its table can be believed.
struct SnapshotPlaces {
  /// The names of the sections.
  var names: [String] = []
  /// Where each of them lies.
  var sections: [Range<Int>] = []
  /// The length of an element of each.
  var elements: [Int] = []

  init(_ bytes: [UInt8]) {
    guard bytes.count >= 4096 else { return }
    for entry in 0..<min(99, Int(bytes.littleEndian(at: 12, bytes: 4))) {
      let place = 96 + 40 * entry
      let (offset, length) = (
        bytes.littleEndian(at: place + 16, bytes: 8), bytes.littleEndian(at: place + 24, bytes: 8)
      )
      names.append(String(decoding: bytes[place..<place + 16].prefix { $0 != 0 }, as: UTF8.self))
      elements.append(Int(bytes.littleEndian(at: place + 32, bytes: 4)))
      let isInside = offset <= UInt64(bytes.count) && length <= UInt64(bytes.count) - offset
      sections.append(isInside ? Int(offset)..<Int(offset + length) : 0..<0)
    }
  }
}

extension [UInt8] {
  /// A number of so many bytes, the lowest first; zeros where the array ends.
  func littleEndian(at offset: Int, bytes: Int) -> UInt64 {
    (0..<bytes).reduce(0) { $0 | (offset + $1 < count ? UInt64(self[offset + $1]) << UInt64(8 * $1) : 0) }
  }

  /// A number of four bytes, the highest first.
  func bigEndian(at offset: Int) -> UInt32 { (0..<4).reduce(0) { $0 << 8 | UInt32(self[offset + $1]) } }

  /// Writes a number, the lowest byte first; nothing beyond the end.
  mutating func store(_ value: UInt64, at offset: Int, bytes: Int) {
    for byte in 0..<bytes where offset + byte < count {
      self[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))
    }
  }
}
