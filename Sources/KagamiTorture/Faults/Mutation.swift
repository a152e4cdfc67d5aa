import Foundation

/// One way to damage a file of a catalogue that nobody has open.
enum Mutation: CaseIterable {
  case bit, bits, zeroPage, zeroSector, truncate, empty, garbage, swapPages, swapFiles, delete, oldCurrent,
    currentNowhere, currentEmpty

  /// Does it.
  ///
  /// - Parameters:
  ///   - file: The file, below the catalogue.
  ///   - catalogue: Its directory.
  ///   - random: Where chance comes from.
  /// - Returns: What was done, in words; nil where it cannot be done to this file.
  /// - Throws: Where the files cannot be written.
  func apply(to file: String, of catalogue: String, _ random: inout Randomness) throws -> String? {
    let path = "\(catalogue)/\(file)"
    let url = URL(fileURLWithPath: path)
    var bytes = try Data(contentsOf: url)
    let count = bytes.count
    guard count > 0 || self == .garbage || self == .delete else { return nil }
    switch self {
    case .bit, .bits:
      let places = (0..<(self == .bit ? 1 : 8)).map { _ in Int.random(in: 0..<count, using: &random) }
      for place in places { bytes[place] ^= 1 << UInt8(Int.random(in: 0..<8, using: &random)) }
      try bytes.write(to: url)
      return "\(file): bits of bytes \(places) flipped"
    case .zeroPage, .zeroSector:
      let length = self == .zeroPage ? 4096 : 512
      let start = Int.random(in: 0..<count, using: &random) / length * length
      bytes.resetBytes(in: start..<min(count, start + length))
      try bytes.write(to: url)
      return "\(file): \(length) bytes from \(start) zeroed"
    case .truncate:
      let length = Int.random(in: 0..<count, using: &random)
      try bytes.prefix(length).write(to: url)
      return "\(file): cut off at \(length)"
    case .empty:
      try Data().write(to: url)
      return "\(file): emptied"
    case .garbage:
      let more = (0..<5000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      try (bytes + more).write(to: url)
      return "\(file): garbage behind its end"
    case .swapPages:
      guard count >= 8192 else { return nil }
      let pages = (0..<2).map { _ in Int.random(in: 0..<count / 4096, using: &random) * 4096 }
      let first = bytes.subdata(in: pages[0]..<pages[0] + 4096)
      bytes.replaceSubrange(pages[0]..<pages[0] + 4096, with: bytes.subdata(in: pages[1]..<pages[1] + 4096))
      bytes.replaceSubrange(pages[1]..<pages[1] + 4096, with: first)
      try bytes.write(to: url)
      return "\(file): pages at \(pages) swapped"
    case .swapFiles:
      guard let other = try CatalogueFiles.list(catalogue).filter({ $0 != file }).randomElement(using: &random) else {
        return nil
      }
      let others = try Data(contentsOf: URL(fileURLWithPath: "\(catalogue)/\(other)"))
      try bytes.write(to: URL(fileURLWithPath: "\(catalogue)/\(other)"))
      try others.write(to: url)
      return "\(file) and \(other) swapped"
    case .delete:
      try FileManager.default.removeItem(atPath: path)
      return "\(file): deleted"
    case .oldCurrent, .currentNowhere, .currentEmpty:
      guard file == "CURRENT" else { return nil }
      let text = self == .oldCurrent ? "000001\n" : self == .currentNowhere ? "000099\n" : "\n"
      try Data(text.utf8).write(to: url)
      return "CURRENT: \(text.dropLast().isEmpty ? "an empty line" : String(text.dropLast()))"
    }
  }
}

/// The files of a catalogue.
enum CatalogueFiles {
  /// Paths of all files, below the directory, sorted.
  ///
  /// - Throws: Where the directory cannot be read.
  static func list(_ catalogue: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: catalogue).filter { path in
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(catalogue)/\(path)")
      return attributes[.type] as? FileAttributeType == .typeRegular
    }.sorted()
  }
}
