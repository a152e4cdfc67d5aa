import Catalogue
import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

/// A catalogue with snapshots, and what tests do to them.
struct SnapshotFixture {
  let fixture: Fixture
  var path: String { fixture.path }
  var currentFile: String { path + "/CURRENT" }

  /// The sample, with so many snapshots.
  init(snapshots: Int) throws {
    fixture = try Fixture.sample()
    for _ in 0..<snapshots { try build() }
  }

  @discardableResult
  func build() throws -> IndexBuild.Report {
    try IndexBuild(fixture.open()).run()
  }

  func file(_ number: Int) -> String { "\(path)/index/00000\(number)/index.kagami-index" }

  var numbers: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path + "/index").sorted()) ?? [] }

  func damage(_ file: String, at offset: Int = 20) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    bytes[offset] ^= 4
    // A published file is never written over: whoever has it mapped keeps what it has.
    try FileManager.default.removeItem(atPath: file)
    try bytes.write(to: URL(fileURLWithPath: file))
  }

  func write(_ text: String, to file: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
  }

  /// Imports items, which may replace some of the sample.
  func add(_ keys: [String], seed: UInt64 = 1) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = keys.map { _ in (0..<256).map { _ in Float.random(in: -1...1, using: &generator) } }
    let metadata = keys.map { #"{"key":"\#($0)","member":"newcomer \#(seed)","work":"work \#($0)"}"# }
    try fixture.run(fixture.request(rows, metadata: metadata, name: "more\(seed)"))
  }

  func remove(_ keys: [String]) throws {
    _ = try CatalogueStore.open(at: path, access: .readWrite).makeWriter().remove(keys)
  }

  /// The id of a catalogue as its files carry it.
  static func id(of path: String) throws -> CatalogueID {
    let text = try CatalogueStore.open(at: path, access: .readOnly).identity.id.replacing("-", with: "")
    let digits = Array(text.utf8)
    return CatalogueID(
      bytes: stride(from: 0, to: 32, by: 2).compactMap {
        UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
      })
  }

  /// The answers to some questions that touch every column, by whatever an engine started from.
  static func answers(_ engine: Engine) throws -> [String] {
    let questions = [
      RequestLine.make("search", 1, #""key":"moonreed/tram-depot-under-stars/01","k":50,"exact":true"#),
      RequestLine.make(
        "search", 2,
        #""key":"moonreed/tram-depot-under-stars/01","k":20,"group_by":"work","exact":true,"with_attributes":true"#),
      RequestLine.make(
        "match", 3,
        #""key":"moonreed/tram-depot-under-stars/04","score_threshold":0.1,"filter":{"must":{"key":"member","match":{"any":["moonreed","newcomer 1"]}}}"#
      ),
      RequestLine.make("items.count", 4, ""),
    ]
    return MemoryPipe.answers(engine, [Array(questions.map { $0 + "\n" }.joined().utf8)[...]]).sorted()
  }
}
