import Foundation
import TestSupport
import Testing

/// The Swift program of the page "Write a scanner in ten minutes": it is compiled as it stands there, and run.
@Suite(.timeLimit(.minutes(30))) struct ScannerExampleTests {
  private static let page = "\(Repository.root)/Sources/WireProtocol/WireProtocol.docc/ScannerInTenMinutes.md"
  private static let source = "\(Repository.root)/Sources/ScannerExample/Scanner.swift"

  @Test(.enabled(if: FileManager.default.fileExists(atPath: page), "the page is not there"))
  func `What is compiled is what the page shows`() throws {
    let page = try String(contentsOfFile: Self.page, encoding: .utf8)
    let block = try #require(page.firstMatch(of: /(?s)```swift\n(import .*?)```/))
    #expect(try String(contentsOfFile: Self.source, encoding: .utf8) == block.1)
  }

  private func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
    let process = Process()
    let folder = URL(fileURLWithPath: Repository.executable).deletingLastPathComponent()
    process.executableURL = folder.appending(path: "scanner-example")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging([
      "PATH": folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    ]) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: complaint, as: UTF8.self)
    )
  }

  @Test func `It finds what the engine finds, in the order of the frames`() throws {
    let catalogue = try SampleCatalogue()
    let frames = try HalfMatrix(Repository.sample("video_frames.npy"))
    let process = try catalogue.serve()
    var expected: [String] = []
    for frame in 0..<frames.rowCount {
      let numbers = frames[frame].map { "\(Float($0))" }.joined(separator: ",")
      let answer = try JSONTree(
        process.ask(RequestLine.make("search", frame, #""vector":[\#(numbers)],"k":1,"score_threshold":0.65"#)))
      for hit in answer["result"]?["results"]?.array?[0]["hits"]?.array ?? [] {
        let score = Float(hit["score"]?.number ?? 0)
        let words = ["member", "work", "key"].map { hit[$0]?.string ?? "" }
        expected.append("\(frame)\t\(score)\t\(words.joined(separator: "\t"))")
      }
    }
    let result = try run(catalogue.path, Repository.sample("video_frames.npy"))
    #expect(result.code == 0 && result.errors == "")
    #expect(result.output.split(separator: "\n").map(String.init) == expected)
    #expect(!expected.isEmpty)
  }

  @Test func `It says what went wrong, and ends with the engine's code`() throws {
    let none = try run("/nowhere/art.kagami", Repository.sample("video_frames.npy"))
    #expect(none.code == 66 && none.output == "" && none.errors.contains("kagami: "))
    let catalogue = try SampleCatalogue()
    let folder = try TemporaryDirectory()
    let other = try folder.write(NpyBytes.vectors([[1, 2, 3]]), to: "other.npy")
    let refused = try run(catalogue.path, other)
    #expect(refused.code == 65 && refused.errors.contains("invalid_params"))
  }
}
