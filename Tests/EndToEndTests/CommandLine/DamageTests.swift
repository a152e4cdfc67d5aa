import Foundation
import TestSupport
import Testing

/// Files that were changed behind the catalogue's back: found out, or without effect; never a crash.
@Suite struct DamageTests {
  private struct Outcome {
    var verification: CommandResult
    var search: CommandResult
  }

  private let sample: SampleCatalogue
  private let sound: CommandResult

  init() throws {
    sample = try SampleCatalogue()
    sound = try Self.search(sample.path)
  }

  private static func search(_ catalogue: String) throws -> CommandResult {
    try CommandResult.kagami("search", catalogue, "--vectors", Repository.sample("queries.npy"), "-k", "3", "--json")
  }

  /// Changes one place of one file of a copy, and looks what is said about it.
  private func outcome(of file: String, _ change: (inout Data) -> Void) throws -> Outcome {
    let home = try TemporaryDirectory()
    let copy = home.appending("art.kagami")
    try FileManager.default.copyItem(atPath: sample.path, toPath: copy)
    let url = URL(fileURLWithPath: "\(copy)/\(file)")
    var bytes = try Data(contentsOf: url)
    change(&bytes)
    try bytes.write(to: url)
    return Outcome(verification: try .kagami("verify", copy), search: try Self.search(copy))
  }

  @Test(arguments: 1...12)
  func `A changed row file is found, or the answers are the same`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let outcome = try outcome(of: "rows/000001.rows") { Self.damage(&$0, &generator) }
    #expect([.exit(0), .exit(65)].contains(outcome.verification.end), "seed \(seed): \(outcome.verification)")
    #expect([.exit(0), .exit(65), .exit(66)].contains(outcome.search.end), "seed \(seed): \(outcome.search.errors)")
    guard outcome.verification.end == .exit(0) else { return }
    #expect(outcome.search.lines == sound.lines, "seed \(seed)")
  }

  /// A damaged log loses the commits behind the damage without a word, so none may rest in it longer than it must.
  @Test func `Nothing rests in the log alone once an import has ended`() throws {
    let log = "\(sample.path)/catalogue.sqlite-wal"
    let attributes = try? FileManager.default.attributesOfItem(atPath: log)
    #expect((attributes?[.size] as? Int ?? 0) == 0)
  }

  @Test(arguments: 1...16)
  func `A changed record ends in an answer or a message`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let outcome = try outcome(of: "catalogue.sqlite") { Self.damage(&$0, &generator) }
    for result in [outcome.verification, outcome.search] {
      #expect([.exit(0), .exit(65), .exit(66), .exit(74)].contains(result.end), "seed \(seed): \(result.errors)")
      if result.end != .exit(0) { #expect(result.errors.hasPrefix("kagami: "), "seed \(seed): \(result.errors)") }
    }
  }

  @Test(arguments: 1...16)
  func `A changed snapshot changes no answer`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let catalogue = try SampleCatalogue()
    #expect(try CommandResult.kagami("build", catalogue.path).end == .exit(0))
    let url = URL(fileURLWithPath: catalogue.path + "/index/000001/index.kagami-index")
    var bytes = try Data(contentsOf: url)
    Self.damage(&bytes, &generator)
    try bytes.write(to: url)
    #expect(try Self.search(catalogue.path).lines == sound.lines, "seed \(seed)")
    let verification = try CommandResult.kagami("verify", catalogue.path)
    guard verification.end != .exit(0) else { return }
    #expect(verification.end == .exit(65) && verification.errors.contains("nothing is lost: run kagami build"))
    #expect(try CommandResult.kagami("build", catalogue.path).end == .exit(0))
    #expect(try FileManager.default.contentsOfDirectory(atPath: catalogue.path + "/index") == ["000002"])
    #expect(try CommandResult.kagami("verify", catalogue.path).end == .exit(0))
  }

  /// A flipped bit, a page of zeros, a lost end, or noise.
  private static func damage(_ bytes: inout Data, _ generator: inout SeededGenerator) {
    let place = Int.random(in: 0..<bytes.count, using: &generator)
    let page = place & ~4095..<min(bytes.count, (place & ~4095) + 4096)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1: bytes.replaceSubrange(page, with: repeatElement(0, count: page.count))
    case 2: bytes.removeLast(bytes.count - place)
    default: bytes.replaceSubrange(page, with: page.map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
  }
}
