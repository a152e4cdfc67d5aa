import Foundation
import TestSupport
import Testing

/// A few seconds of `make torture`: that the harness works, and that nothing obvious is broken.
@Suite struct TortureTests {
  @Test func `Some kills and every planted fault`() throws {
    let home = try TemporaryDirectory()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Repository.executable).deletingLastPathComponent()
      .appendingPathComponent("kagami-torture")
    process.arguments = [
      "--seconds", "8", "--phases", "crash,hands,planted", "--engine", Repository.executable,
      "--shim", "\(Repository.root)/Sources/CFaultShim", "--json", home.appending("torture.json"),
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    let bytes = try home.read("torture.json")
    let figures = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    #expect((figures?["kills"] as? Int ?? 0) > 3)
    #expect((figures?["turns"] as? Int ?? 0) + (figures?["races"] as? Int ?? 0) > 0)
    #expect((figures?["looksCompared"] as? Int ?? 0) > 3)
    #expect(figures?["plantedCaught"] as? Int == 5)
  }
}
