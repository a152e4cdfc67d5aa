import VectorIndex
import VectorKernels

/// A product of two square matrices by the BLAS in force, and nothing else.
final class PlainProduct {
  private let side: Int
  private let a: AlignedBuffer<Float>
  private let b: AlignedBuffer<Float>
  private let c: AlignedBuffer<Float>

  init(side: Int) {
    self.side = side
    a = AlignedBuffer(zeroed: side * side)
    b = AlignedBuffer(zeroed: side * side)
    c = AlignedBuffer(zeroed: side * side)
    for index in 0..<side * side {
      a.base[index] = Float(index % 13)
      b.base[index] = Float(index % 7)
    }
  }

  func multiply() {
    MatrixProduct.multiply(
      UnsafeMatrix(a.base, rows: side, columns: side), transposed: UnsafeMatrix(b.base, rows: side, columns: side),
      into: UnsafeMutableMatrix(c.base, rows: side, columns: side))
  }
}

/// The row files, mapped again and added up byte for byte, eight at a time: the least that any scan must do.
final class MappedRows {
  private let maps: [(file: MappedFile, start: Int, bytes: Int)]
  private(set) var total: UInt64 = 0

  init(directory: String, snapshot: IndexSnapshot) throws {
    let layout = snapshot.rows.layout
    maps = try (0..<layout.files(holding: snapshot.count)).map { file in
      let rows = min(layout.rowsPerFile, snapshot.count - file * layout.rowsPerFile)
      let path = "\(directory)/\(RowLayout.fileName(file))"
      return (
        try MappedFile(path: path, capacity: layout.fileBytes, needed: layout.fileBytes(holding: rows)),
        layout.rowsOffset, rows * layout.stride
      )
    }
  }

  func sum() {
    for (file, start, bytes) in maps {
      let bytes = UnsafeRawBufferPointer(start: file.base + start, count: bytes)
      var partial = SIMD32<UInt64>(repeating: 0)
      for at in stride(from: 0, to: bytes.count - 255, by: 256) {
        partial &+= bytes.loadUnaligned(fromByteOffset: at, as: SIMD32<UInt64>.self)
      }
      total &+= partial.wrappedSum()
    }
  }
}
