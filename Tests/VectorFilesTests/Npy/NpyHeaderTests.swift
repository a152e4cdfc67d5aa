import Testing
import VectorFiles

/// What is wrong with a file of vectors, and the exact words about it.
struct BrokenNpy: CustomTestStringConvertible, Sendable {
  let bytes: [UInt8]
  let message: String
  var testDescription: String { message }

  init(_ bytes: [UInt8], _ message: String) {
    self.bytes = bytes
    self.message = "v.npy" + message
  }
}

@Suite struct NpyHeaderTests {
  static let sound = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n"
  static let data = [UInt8](repeating: 0, count: 24)

  static func dictionary(_ descr: String = "'<f4'", _ order: String = "False", _ shape: String = "(2, 3)") -> [UInt8] {
    npy("{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }\n", data: data)
  }

  static let broken = [
    BrokenNpy([], ", byte 0: this is not a NumPy file: it does not start with \\x93NUMPY"),
    BrokenNpy(Array("\u{93}NUMPX".utf8), ", byte 0: this is not a NumPy file: it does not start with \\x93NUMPY"),
    BrokenNpy(
      [0x93] + Array("NUMPX".utf8) + data, ", byte 5: this is not a NumPy file: it does not start with \\x93NUMPY"),
    BrokenNpy(
      npy(sound, version: [4, 0]), ", byte 6: version 4.0 of the NumPy format is unknown; 1.0, 2.0 and 3.0 are read"),
    BrokenNpy(
      npy(sound, version: [1, 7]), ", byte 6: version 1.7 of the NumPy format is unknown; 1.0, 2.0 and 3.0 are read"),
    BrokenNpy(
      [0x93] + Array("NUMPY".utf8) + [1, 0, 0xFF, 0xFF, 0x7B],
      ", byte 8: the header should take 65535 bytes, but the file has only 1 more"),
    BrokenNpy(
      [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF],
      ", byte 8: the header should take 4294967295 bytes, but the file has only 0 more"),
    BrokenNpy(
      npy(String(repeating: " ", count: 70_000), version: [2, 0]),
      ", byte 8: the header should take 70000 bytes; at most 65536 are read"),
    BrokenNpy(
      dictionary("'<f4'", "True"),
      ", byte 44: the array is in Fortran order; save numpy.ascontiguousarray(array)"),
    BrokenNpy(dictionary("'<f4'", "None"), ", byte 44: 'fortran_order' must be True or False"),
    BrokenNpy(
      dictionary("'>f4'"), ", byte 20: the numbers are big-endian ('>f4'); save array.astype('<f4')"),
    BrokenNpy(dictionary("'<f8'"), ", byte 20: numbers of type '<f8' are not read; save array.astype('<f4')"),
    BrokenNpy(dictionary("'|O'"), ", byte 20: numbers of type '|O' are not read; save array.astype('<f4')"),
    BrokenNpy(
      dictionary("'<i4'"), ", byte 20: the numbers are <i4; vectors are read as <f2 or <f4: save array.astype('<f4')"),
    BrokenNpy(
      dictionary("[('a', '<f4')]"),
      ", byte 20: the array is structured (several fields a row); save one field as an array"),
    BrokenNpy(
      dictionary("'<f4'", "False", "(6,)"), ", byte 60: the array has rank 1; rank 2 is needed: one vector a row"),
    BrokenNpy(
      dictionary("'<f4'", "False", "()"), ", byte 60: the array has rank 0; rank 2 is needed: one vector a row"),
    BrokenNpy(
      dictionary("'<f4'", "False", "(1, 2, 3)"), ", byte 60: the array has rank 3; rank 2 is needed: one vector a row"
    ),
    BrokenNpy(dictionary("'<f4'", "False", "(6)"), ", byte 62: 'shape' must be a tuple: a comma is missing"),
    BrokenNpy(dictionary("'<f4'", "False", "(-2, 3)"), ", byte 61: a length in 'shape' is negative"),
    BrokenNpy(dictionary("'<f4'", "False", "(2, x)"), ", byte 64: 'shape' must be a tuple of whole numbers"),
    BrokenNpy(
      dictionary("'<f4'", "False", "(99999999999999999999, 3)"),
      ", byte 61: a length in 'shape' is beyond 9223372036854775807"),
    BrokenNpy(
      dictionary("'<f4'", "False", "(9223372036854775807, 3)"),
      ", byte 60: the header promises 9223372036854775807 rows of 3 numbers, more bytes than can be counted, "
        + "but 24 bytes follow it; the file is cut off or its header is wrong"),
    BrokenNpy(
      dictionary("'<f4'", "False", "(1000000000, 512)"),
      ", byte 60: the header promises 1000000000 rows of 512 numbers, 2048000000000 bytes, "
        + "but 24 bytes follow it; the file is cut off or its header is wrong"),
    BrokenNpy(
      dictionary("'<f4'", "False", "(2, 70000)"), ", byte 60: the dimension is 70000; at most 65536 are read"),
    BrokenNpy(dictionary("'<f4'", "False", "(2, 0)"), ", byte 60: the rows have no numbers (dimension 0)"),
    BrokenNpy(
      dictionary("'<f4'", "False", "(1, 3)"),
      ", byte 82: 12 bytes follow the last row that the header promises (1 rows of 3 numbers)"),
    BrokenNpy(
      npy(sound, data: [UInt8](repeating: 0, count: 23)),
      ", byte 60: the header promises 2 rows of 3 numbers, 24 bytes, "
        + "but 23 bytes follow it; the file is cut off or its header is wrong"),
    BrokenNpy(npy("{'descr': '<f4', 'shape': (2, 3)}"), ", byte 43: the header has no 'fortran_order'"),
    BrokenNpy(npy("{'fortran_order': False, 'shape': (2, 3)}"), ", byte 51: the header has no 'descr'"),
    BrokenNpy(npy("{'descr': '<f4', 'fortran_order': False}"), ", byte 50: the header has no 'shape'"),
    BrokenNpy(
      npy("{'descr': '<f4', 'descr': '<f4', }"), ", byte 27: the header's entry 'descr' stands there twice"),
    BrokenNpy(npy("{'order': 'C'}"), ", byte 11: the header's entry 'order' is unknown"),
    BrokenNpy(npy("{'descr': '<f4"), ", byte 20: a quotation mark is never closed"),
    BrokenNpy(npy("{'descr' '<f4'}"), ", byte 19: ':' is missing in the header"),
    BrokenNpy(npy("{descr: '<f4'}"), ", byte 11: a quoted name is missing in the header"),
    BrokenNpy(npy("'descr': '<f4'}"), ", byte 10: '{' is missing in the header"),
    BrokenNpy(
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }; import os\n"),
      ", byte 69: unexpected text after the header's closing brace"),
  ]

  @Test(arguments: broken) func refuses(_ file: BrokenNpy) throws {
    let temporary = try TemporaryFile("v.npy", file.bytes)
    #expect(failure { _ = try VectorFile.open(temporary.path) } == file.message)
  }

  @Test(arguments: [
    npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", data: data),
    npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", version: [2, 0], data: data),
    npy("{ \"shape\":(2,3,),\"fortran_order\":False , 'descr':'<f4' }      \n", version: [3, 0], data: data),
  ])
  func acceptsWhatNumPyMayWrite(_ bytes: [UInt8]) throws {
    let file = try TemporaryFile("v.npy", bytes)
    let reader = try VectorFile.open(file.path)
    #expect(reader.count == 2 && reader.dimension == 3 && reader.scalar == .float32)
  }

  @Test func acceptsNoRows() throws {
    let file = try TemporaryFile("v.npy", npy("{'descr': '<f2', 'fortran_order': False, 'shape': (0, 8), }\n"))
    #expect(try allVectors(file.path, batch: 10) == [])
  }

  @Test func refusesAFileCutAtEveryByte() throws {
    let bytes = npy(Self.sound, data: Self.data)
    let file = try TemporaryFile("v.npy", bytes)
    for length in 0..<bytes.count {
      try file.replace(Array(bytes[..<length]))
      #expect(throws: FileError.self, "cut after \(length) bytes") { try VectorFile.open(file.path) }
    }
  }

  /// Whatever a header says, opening and reading end with rows that fit the file or with an error.
  @Test func survivesMutations() throws {
    var random = SystemIndependentRandom(state: 7)
    let bytes = npy(Self.sound, data: Self.data)
    let file = try TemporaryFile("v.npy", bytes)
    var accepted = 0
    for _ in 0..<3_000 {
      var mutated = bytes
      for _ in 0...random.next(below: 3) {
        let place = random.next(below: 74)
        switch random.next(below: 4) {
        case 0: mutated[place] = UInt8(random.next(below: 256))
        case 1: mutated.insert(UInt8(ascii: "9"), at: place)
        case 2: mutated.remove(at: place)
        default: mutated[place] = mutated[random.next(below: 74)]
        }
      }
      try file.replace(mutated)
      if let rows = try? allVectors(file.path, batch: 2) {
        accepted += 1
        #expect(rows.count * 2 <= mutated.count)
      }
    }
    #expect(accepted < 3_000)
  }
}

/// A linear congruential generator, for mutations that are the same in every run.
struct SystemIndependentRandom {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
