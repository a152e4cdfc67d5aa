import Foundation
import VectorIndex
import VectorKernels

/// First byte: how much of the file is there; the rest edits its header (see ``Edits``), whose checksum is made right afterwards.
enum RowFileFuzzing {
  private static let catalogue = CatalogueID(bytes: Array(1...16))
  private static let layout = RowLayout(dimension: 4, elementType: .float32)
  private static let base = Result { try makeBase() }
  private static let folder = "\(Scratch.directory)/rowfile"

  private static func makeBase() throws -> [UInt8] {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var rows = EncodedRows(layout: layout, metric: .euclidean)
    for row in 0..<5 { try rows.append([Float(row), 1, 2, 3].span) }
    var appender = RowAppender(directory: folder, layout: layout, catalogue: catalogue, count: 0)
    _ = try appender.append(rows)
    let name = try FileManager.default.contentsOfDirectory(atPath: folder)[0]
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
  }

  static func run(_ input: [UInt8]) throws {
    guard let first = input.first else { return }
    var bytes = try base.get()
    Edits.apply(Array(input.dropFirst()), to: &bytes, in: [0..<52, 8..<32])
    bytes.store(Checksum.of(bytes.span.extracting(0..<48)), at: 48)
    let isSound = bytes == (try base.get())
    let length = first == 0 ? bytes.count : bytes.count * Int(first) / 256
    try Data(bytes.prefix(length)).write(to: URL(fileURLWithPath: "\(folder)/000001.rows"))
    do throws(IndexError) {
      let store = try RowStore(directory: folder, layout: layout, catalogue: catalogue, count: 5)
      for row in 0..<5 where store.row(Ordinal(UInt32(row))) != [Float(row), 1, 2, 3] {
        throw .missing(file: "row \(row)")
      }
      guard isSound else { throw .missing(file: "another header was taken") }
    } catch {
      if case .missing(let what) = error { throw FuzzFinding(what) }
      try FuzzFinding.require(!isSound || first != 0, "a sound file was refused: \(error)")
    }
  }
}
