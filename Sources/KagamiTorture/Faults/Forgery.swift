import Foundation

/// One way to put wrong contents into a file of a catalogue that nobody has open, with checksums that say they are right.
///
/// What a bug of the writer or somebody with a purpose would leave: only what is checked behind the checksums can find it.
enum Forgery: CaseIterable {
  /// A number becomes one that arithmetic without care stumbles over.
  case number
  /// Several do.
  case numbers
  /// A whole section, or a page of it, becomes one number.
  case flood
  /// Two elements change places.
  case swap
  /// A number of the header or of its table of sections changes.
  case header
  /// A section becomes longer or shorter.
  case length
  /// The file takes the place of another of its kind.
  case otherFile

  /// Does it.
  ///
  /// - Parameters:
  ///   - file: The file, below the catalogue.
  ///   - catalogue: Its directory.
  ///   - random: Where chance comes from.
  /// - Returns: What was done, in words; nil where it cannot be done to this file.
  /// - Throws: Where the files cannot be written.
  func apply(to file: String, of catalogue: String, _ random: inout Randomness) throws -> String? {
    if self == .otherFile { return try exchange(file, of: catalogue, &random) }
    let url = URL(fileURLWithPath: "\(catalogue)/\(file)")
    var bytes = [UInt8](try Data(contentsOf: url))
    let done: String?
    if file.hasPrefix("index/") {
      done = forgeSnapshot(&bytes, &random)
      Seal.snapshot(&bytes)
    } else if file.hasPrefix("rows/") {
      done = forgeRows(&bytes, &random)
      Seal.rows(&bytes)
    } else if file.hasSuffix("-wal") {
      done = forgeLog(&bytes, &random)
      Seal.log(&bytes)
    } else if file == "CURRENT" {
      let name = ["000001", "000003", "000000", "1", "00000001", "000002 ", "../index/000002", "-00002"]
      bytes = Array((name.randomElement(using: &random) ?? "").utf8) + [10]
      done = "names \(String(decoding: bytes.dropLast(), as: UTF8.self))"
    } else {
      done = nil
    }
    guard let done else { return nil }
    try Data(bytes).write(to: url)
    return "\(file), checksums right: \(done)"
  }

  // MARK: Numbers

  /// A number that is likely to be wrong at a place where `old` was right.
  private func awkward(_ old: UInt64, _ random: inout Randomness) -> UInt64 {
    let numbers: [UInt64] = [
      0, 1, 63, 2599, 2600, 2601, 4095, 1 << 16, 1 << 31, 1 << 31 - 1, 1 << 32, 1 << 62, 1 << 63, .max, .max - 4095,
      UInt64(UInt32.max), UInt64(UInt32.max) - 1, old &+ 1, old &- 1, old &* 2, old ^ 1 << 31, old &+ 4096,
      // Not a number, infinity and a very large number, in single and double precision.
      0x7FC0_0000, 0x7F80_0000, 0x7F7F_FFFF, 0x7FF8 << 48, 0x7FF0 << 48, 0x7FEF << 48, 0x7E00_7C00_7E00_7C00,
    ]
    return random.oneIn(4)
      ? UInt64.random(in: 0...3000, using: &random) : numbers.randomElement(using: &random) ?? 0
  }

  private func replaceOne(
    _ bytes: inout [UInt8], in range: Range<Int>, element: Int, _ random: inout Randomness
  ) -> String {
    let width = [1, 2, 4, 8].contains(element) ? element : 4
    let place = range.lowerBound + Int.random(in: 0..<max(1, range.count / width), using: &random) * width
    let old = bytes.littleEndian(at: place, bytes: width)
    let new = awkward(old, &random)
    bytes.store(new, at: place, bytes: width)
    return "\(old) at \(place) becomes \(new)"
  }

  private func replace(
    _ bytes: inout [UInt8], in range: Range<Int>, element: Int, _ random: inout Randomness
  ) -> String? {
    guard !range.isEmpty, range.upperBound <= bytes.count else { return nil }
    switch self {
    case .numbers:
      var first = ""
      for _ in 0..<Int.random(in: 2...200, using: &random) {
        first = replaceOne(&bytes, in: range, element: element, &random)
      }
      return "many numbers, the last: \(first)"
    case .flood:
      let start = random.oneIn(2) ? range.lowerBound : Int.random(in: range, using: &random) & ~7
      let end = random.oneIn(2) ? range.upperBound : min(range.upperBound, start + 4096)
      let (width, number) = (max(1, min(8, element)), awkward(0, &random))
      for place in stride(from: max(start, range.lowerBound), to: end, by: width) {
        bytes.store(number, at: place, bytes: min(width, end - place))
      }
      return "\(number) from \(start) to \(end)"
    case .swap:
      let count = range.count / max(1, element)
      guard element > 0, count > 1 else { return nil }
      let pair = (0..<2).map { _ in range.lowerBound + Int.random(in: 0..<count, using: &random) * element }
      for byte in 0..<element { bytes.swapAt(pair[0] + byte, pair[1] + byte) }
      return "elements at \(pair) change places"
    default: return replaceOne(&bytes, in: range, element: element, &random)
    }
  }

  // MARK: Files

  private func forgeSnapshot(_ bytes: inout [UInt8], _ random: inout Randomness) -> String? {
    let places = SnapshotPlaces(bytes)
    guard let section = places.sections.indices.randomElement(using: &random) else { return nil }
    let name = places.names[section]
    switch self {
    case .header:
      let range = [12..<16, 32..<64, 96 + 40 * section + 16..<96 + 40 * section + 36].randomElement(using: &random)
      return replaceOne(&bytes, in: range ?? 32..<64, element: 4, &random)
    case .length:
      // The table says another length; everything behind stays where its place is, if that is still the same page.
      let (entry, step) = (96 + 40 * section + 24, max(1, places.elements[section]))
      let old = places.sections[section].count
      let new = max(0, old + step * Int.random(in: -3...3, using: &random))
      bytes.store(UInt64(new), at: entry, bytes: 8)
      return "section \(name) has \(new) bytes and not \(old)"
    default:
      return replace(&bytes, in: places.sections[section], element: places.elements[section], &random).map {
        "section \(name): \($0)"
      }
    }
  }

  /// Header, norms and rows of 64 half-precision numbers.
  private func forgeRows(_ bytes: inout [UInt8], _ random: inout Randomness) -> String? {
    switch self {
    case .header, .length: return replaceOne(&bytes, in: 8..<48, element: 4, &random)
    default:
      let isNorm = random.oneIn(2)
      let (start, width) = (isNorm ? 4096 : 4096 + 65_536 * 4, isNorm ? 4 : 2)
      let end = min(bytes.count, start + 2700 * (isNorm ? 4 : 128))
      guard start < end else { return nil }
      return replace(&bytes, in: start..<end, element: width, &random)
    }
  }

  /// Pages of the log, whose first hundred bytes are the database's header on page 1.
  private func forgeLog(_ bytes: inout [UInt8], _ random: inout Randomness) -> String? {
    guard bytes.count > 32 + 24 + 4096 else { return nil }
    switch self {
    case .header, .length:
      let frame = 32 + Int.random(in: 0..<(bytes.count - 32) / 4120, using: &random) * 4120
      return replaceOne(&bytes, in: random.oneIn(3) ? 8..<24 : frame..<frame + 8, element: 4, &random)
    default:
      let frame = 32 + Int.random(in: 0..<(bytes.count - 32) / 4120, using: &random) * 4120
      return replace(&bytes, in: frame + 24..<min(bytes.count, frame + 4120), element: random.oneIn(2) ? 1 : 4, &random)
    }
  }

  private func exchange(_ file: String, of catalogue: String, _ random: inout Randomness) throws -> String? {
    let kind = file.prefix { $0 != "/" }
    let others = try CatalogueFiles.list(catalogue).filter { $0 != file && $0.hasPrefix("\(kind)/") }
    guard let other = others.randomElement(using: &random) else { return nil }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(catalogue)/\(other)"))
    try bytes.write(to: URL(fileURLWithPath: "\(catalogue)/\(file)"))
    return "\(file) holds what \(other) does"
  }
}
