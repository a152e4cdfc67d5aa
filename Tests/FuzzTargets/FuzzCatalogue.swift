import Foundation
import Service
import VectorFiles
import VectorIndex

/// A catalogue of two dozen items of every kind, with a snapshot, made once.
struct FuzzCatalogue {
  let path: String
  let engine: Engine

  static let shared = Result { try FuzzCatalogue() }

  private init() throws {
    path = "\(Scratch.directory)/art.kagami"
    let numbers = (0..<192).map { place -> Float in
      let (row, column) = (place / 8, place % 8)
      return Float((row * 7 + column * 5) % 11 - 5)
    }
    try NpyWriter.write(
      "\(Scratch.directory)/items.npy", vectors: numbers.span, dimension: 8, precision: .float32)
    let lines = (0..<24).map { row in
      let name = row % 5 == 0 ? "" : #","member":"m\#(row % 3)","work":"w\#(row % 7)""#
      let attributes =
        NumberModel.numbers[row].map { #","number":\#(NumberModel.text(of: $0))"# } ?? ""
      let more =
        row % 2 == 0 ? #","year":\#(1990 + row),"tags":["a","t\#(row % 4)"],"live":\#(row % 4 == 0)"# : ""
      return #"{"key":"k\#(row)"\#(name),"kind":"frame","timecode":\#(Double(row) / 4)\#(attributes)\#(more)}"#
    }
    var request = ImportRequest(catalogue: path, vectors: "\(Scratch.directory)/items.npy")
    request.metadata = Scratch.file("items.jsonl", lines.joined(separator: "\n").utf8)
    _ = try Importer(request, refuse: { _ in }, progress: { _ in }).run()
    engine = try Engine(path: path, threads: 1)
    _ = try IndexBuild(engine).run()
  }
}
