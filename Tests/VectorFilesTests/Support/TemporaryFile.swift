import Foundation
import TestSupport
import VectorFiles

/// A file in a folder of its own, both gone when the test is over.
final class TemporaryFile {
  let path: String
  private let folder: TemporaryDirectory

  init(_ name: String, _ bytes: some Sequence<UInt8> = []) throws {
    folder = try TemporaryDirectory()
    path = try folder.write(bytes, to: name)
  }

  convenience init(_ name: String, text: String) throws {
    try self.init(name, text.utf8)
  }

  var bytes: [UInt8] {
    get throws { [UInt8](try Data(contentsOf: URL(filePath: path))) }
  }

  func replace(_ bytes: [UInt8]) throws {
    // Written in place: whoever has the file open sees the change.
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: bytes)
    try handle.close()
  }
}

/// The error's text with the folder cut off, so that it can be compared.
func message(_ error: any Error) -> String {
  guard let error = error as? FileError else { return "\(error)" }
  let name = error.file.split(separator: "/").last.map(String.init) ?? error.file
  return error.description.replacingOccurrences(of: error.file, with: name)
}

/// The error that a piece of work ends with, as text.
func failure(of work: () throws -> Void) -> String? {
  do {
    try work()
    return nil
  } catch {
    return message(error)
  }
}

/// The bytes of a `.npy` file with a dictionary of the caller's making.
func npy(_ dictionary: String, version: [UInt8] = [1, 0], data: [UInt8] = []) -> [UInt8] {
  let length = dictionary.utf8.count
  let lengthBytes = (0..<(version[0] == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
  return [0x93] + Array("NUMPY".utf8) + version + lengthBytes + Array(dictionary.utf8) + data
}

/// Numbers as they lie in a file.
func littleEndian<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
  numbers.flatMap { number in (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
}

/// All vectors of a file, read in batches of a given size.
func allVectors(_ path: String, batch: Int) throws -> [Float] {
  let reader = try VectorFile.open(path)
  var block = VectorBlock()
  var result: [Float] = []
  while try reader.read(upTo: batch, into: &block) > 0 { result += block.vectors }
  return result
}
