import Foundation
import TestSupport
import Testing

/// R1: a limit on address space (`ulimit -v`) is named at the start, or served under; it never ends a process without a word.
@Suite struct MemoryLimitTests {
  private let sample: SampleCatalogue

  init() throws {
    sample = try SampleCatalogue()
  }

  private func serve(megabytes: Int) throws -> EngineProcess {
    try EngineProcess(["serve", sample.path, "--threads", "2"], after: "ulimit -v \(megabytes << 10)")
  }

  @Test(arguments: [64, 128, 160, 192, 256, 320])
  func `Too little is said at the start, with what it takes`(_ megabytes: Int) throws {
    let process = try serve(megabytes: megabytes)
    process.closeInput()
    #expect(try process.rest().isEmpty)
    let (end, errors) = (try process.waitForEnd(), process.errorText)
    // Below some 120 MiB the system cannot even load the program's libraries, and says so itself.
    if end == .exit(127) {
      #expect(megabytes < 160 && errors.contains("error while loading shared libraries"), "\(errors)")
    } else {
      #expect(end == .exit(71), "\(errors)")
      #expect(
        errors.hasPrefix("kagami: this process may take \(megabytes) MiB of address space (ulimit -v), and serving "))
      #expect(errors.contains("raise the limit") && errors.split(separator: "\n").count == 1, "\(errors)")
    }
  }

  @Test(arguments: ["info", "verify", "build"])
  func `Every command says it`(_ command: String) throws {
    let result = try CommandResult.kagami(command, sample.path, after: "ulimit -v \(160 << 10)")
    #expect(result.end == .exit(71) && result.errors.contains("may take 160 MiB of address space"), "\(result)")
    #expect(try CommandResult.kagami(command, sample.path, after: "ulimit -v \(1 << 20)").end == .exit(0))
  }

  /// Products of many queries take large buffers, which are there from the start; a build that has no room is refused, and nothing else is.
  @Test(arguments: [512, 768, 1024])
  func `Under enough everything is answered`(_ megabytes: Int) throws {
    let process = try serve(megabytes: megabytes)
    let vector = (0..<256).map { "\(($0 * 7) % 11 - 5)" }.joined(separator: ",")
    let many = Array(repeating: "[\(vector)]", count: 200).joined(separator: ",")
    for round in 0..<8 {
      try process.send(
        #"{"jsonrpc":"2.0","id":\#(round * 3),"method":"search","params":{"vectors":[\#(many)],"k":50,"exact":true}}"#,
        #"{"jsonrpc":"2.0","id":\#(round * 3 + 1),"method":"items.upsert","params":{"items":[{"key":"k\#(round)","vector":[\#(vector)]}]}}"#,
        #"{"jsonrpc":"2.0","id":\#(round * 3 + 2),"method":"items.count"}"#)
    }
    try process.send(#"{"jsonrpc":"2.0","id":24,"method":"index.build"}"#)
    process.closeInput()
    let answers = try process.rest(within: .seconds(120)).map {
      try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
    }
    #expect(try process.waitForEnd() == .exit(0), "\(process.errorText)")
    #expect(answers.count == 25)
    for error in answers.compactMap(\.error) { #expect(error.data.kind == "resource_exhausted", "\(error.message)") }
    #expect(answers.count { $0.error != nil } <= 1)
  }
}
