import Foundation

/// The rows of a `.npy` file in memory, read in the plainest way: the tests' own view of what was imported.
public struct NumberMatrix<Number: Sendable>: Sendable {
  /// How many rows there are.
  public let rowCount: Int
  /// Numbers a row.
  public let columns: Int
  /// All numbers, row after row.
  public let numbers: [Number]

  /// Reads a file that is known to be sound.
  ///
  /// - Parameter path: A C-order array of rank 1 or 2 of exactly this type of number.
  /// - Throws: Where it cannot be read.
  public init(_ path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let headerBytes = 10 + Int(data[8]) + Int(data[9]) << 8
    let header = String(decoding: data[10..<headerBytes], as: UTF8.self)
    let shape = header.split(separator: "(")[1].split(separator: ")")[0].split(separator: ",")
      .compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    rowCount = shape[0]
    columns = shape.count > 1 ? shape[1] : 1
    let count = rowCount * columns
    numbers = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      _ = data[headerBytes...].copyBytes(to: buffer)
      initialized = count
    }
  }

  /// The numbers of a row.
  public subscript(row: Int) -> ArraySlice<Number> {
    numbers[row * columns..<(row + 1) * columns]
  }
}

/// Vectors as they are imported: half precision.
public typealias HalfMatrix = NumberMatrix<Float16>

/// The bytes of `.npy` files, sound ones and others.
public enum NpyBytes {
  /// A file with that header and whatever follows it.
  public static func file(
    type: String, fortranOrder: Bool = false, shape: String, _ content: [UInt8]
  ) -> [UInt8] {
    var text = "{'descr': '\(type)', 'fortran_order': \(fortranOrder ? "True" : "False"), 'shape': \(shape), }"
    text += String(repeating: " ", count: 117 - text.utf8.count) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8) + content
  }

  /// Vectors of 32-bit floats.
  public static func vectors(_ rows: [[Float]]) -> [UInt8] {
    file(type: "<f4", shape: "(\(rows.count), \(rows.first?.count ?? 1))", rows.flatMap { $0.flatMap(bytes) })
  }

  /// Labels.
  public static func labels(_ numbers: [Int32]) -> [UInt8] {
    file(type: "<i4", shape: "(\(numbers.count),)", numbers.flatMap(bytes))
  }

  private static func bytes<Number>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number) { Array($0) }
  }
}
