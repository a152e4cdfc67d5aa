import Foundation
import SampleData
import Testing
import VectorFiles

@Suite struct SampleCatalogueTests {
  /// The committed sample.
  static let committed = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data")

  @Test func comesOutAsCommitted() throws {
    let folder = try TemporaryFolder()
    let summary = try SampleCatalogue().write(to: folder.path + "/sample")
    #expect(summary.files.count == 9)
    for file in summary.files {
      let made = try Data(contentsOf: URL(filePath: folder.path + "/sample/" + file.name))
      let expected = try Data(contentsOf: Self.committed.appending(path: file.name))
      #expect(made == expected, "\(file.name) differs from the committed file")
    }
  }

  @Test func listsEveryFileWithItsChecksum() throws {
    let list = try String(contentsOf: Self.committed.appending(path: "SHA256SUMS"), encoding: .utf8)
    let listed = list.split(separator: "\n").map { String($0.split(separator: " ").last ?? "") }
    let folder = try TemporaryFolder()
    let written = try SampleCatalogue().write(to: folder.path).files.map(\.name)
    #expect(Set(listed) == Set(written))
  }

  @Test func differsWithTheSeed() throws {
    let folder = try TemporaryFolder()
    _ = try SampleCatalogue(seed: 1).write(to: folder.path)
    let made = try Data(contentsOf: URL(filePath: folder.path + "/items.npy"))
    #expect(try made != Data(contentsOf: Self.committed.appending(path: "items.npy")))
  }

  @Test func staysSmall() throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: Self.committed.path)
    let sizes = try names.map { name in
      let attributes = try FileManager.default.attributesOfItem(atPath: Self.committed.path + "/" + name)
      return attributes[.type] as? FileAttributeType == .typeRegular ? attributes[.size] as? Int ?? 0 : 0
    }
    #expect(sizes.reduce(0, +) < 2_500_000)
  }
}

/// A folder that is gone when the test is over.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "kagami-sample-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}
