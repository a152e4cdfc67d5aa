import Foundation
import VectorIndex

/// Where a row lies: in which file, and as which row of it.
struct RowPlace: Hashable {
  /// The file's number, from 0.
  let file: Int
  /// The row's number within the file, from 0.
  let slot: Int

  /// The place of a row.
  init(_ ordinal: Ordinal, in layout: RowLayout) {
    file = ordinal.index >> layout.rowsPerFileShift
    slot = ordinal.index & (layout.rowsPerFile - 1)
  }

  /// The file's name within the directory of rows.
  var fileName: String { RowLayout.fileName(file) }
}

extension FileHandle {
  /// Some bytes of a file; nil where it does not have them all.
  func bytes(_ count: Int, at offset: Int) -> [UInt8]? {
    guard (try? seek(toOffset: UInt64(offset))) != nil, let data = try? read(upToCount: count), data.count == count
    else { return nil }
    return [UInt8](data)
  }
}
