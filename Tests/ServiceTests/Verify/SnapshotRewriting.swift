import Foundation
import VectorIndex

extension SnapshotFixture {
  /// Writes a snapshot again with other numbers in one section, and with the checksums that belong to them.
  func rewrite<Number: BitwiseCopyable & Sendable>(
    _ number: Int, _ name: String, of type: Number.Type, _ change: (inout [Number]) -> Void
  ) throws {
    let catalogue = try Self.id(of: path)
    let reader = try SnapshotReader(path: file(number), catalogue: catalogue)
    let draft = file(number) + ".draft"
    let writer = try SnapshotWriter(path: draft, catalogue: catalogue)
    for section in reader.sectionNames {
      if section == name {
        let array = try reader.section(section, of: Number.self)
        var numbers = (0..<array.count).map { array[$0] }
        change(&numbers)
        try writer.add(section, numbers.span)
      } else if let bytes = try? reader.section(section, of: UInt8.self) {
        try Self.copy(bytes, section, to: writer)
      } else if let words = try? reader.section(section, of: UInt32.self) {
        try Self.copy(words, section, to: writer)
      } else {
        try Self.copy(reader.section(section, of: UInt64.self), section, to: writer)
      }
    }
    try writer.finish(sequence: reader.sequence, rowCount: reader.rowCount)
    try FileManager.default.removeItem(atPath: file(number))
    try FileManager.default.moveItem(atPath: draft, toPath: file(number))
  }

  private static func copy<Number>(_ array: MappedArray<Number>, _ name: String, to writer: SnapshotWriter) throws {
    writer.begin(name, of: Number.self)
    try writer.write(array)
  }
}
