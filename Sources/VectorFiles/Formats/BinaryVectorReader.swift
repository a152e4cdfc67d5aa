/// Reads vectors from a file whose rows all have one size: `.npy`, `.fvecs`, `.bvecs`, `.fbin`.
final class BinaryVectorReader: VectorReader {
  private var cursor: RowCursor

  let path: String
  let dimension: Int
  let count: Int?
  let scalar: ScalarType

  /// Starts before the first row of a file whose header has been checked.
  init(_ file: consuming InputFile, _ layout: RowLayout) {
    path = file.path
    dimension = layout.dimension
    count = layout.rowCount
    scalar = layout.scalar
    cursor = RowCursor(file, layout)
  }

  func read(upTo rows: Int, into block: inout VectorBlock) throws(FileError) -> Int {
    let wanted = max(0, min(rows, cursor.layout.rowCount - cursor.nextRow))
    block.reset(firstRow: cursor.nextRow, dimension: dimension, capacity: wanted)
    var done = 0
    while done < wanted {
      let count = try cursor.read(upTo: wanted - done)
      for row in 0..<count {
        let place = cursor.place(of: row, target: (done + row) * dimension)
        RowDecoding.decode(place, of: cursor.bytes, as: scalar, into: &block.vectors)
      }
      done += count
    }
    block.rowCount = done
    return done
  }

  func skip(rows: Int) throws(FileError) { try cursor.skip(rows: rows) }
}
