import Catalogue
import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

/// What only a full check finds: files whose checksums are right, but which do not say what they should.
@Suite struct FullAuditTests {
  private let home: SnapshotFixture

  init() throws {
    home = try SnapshotFixture(snapshots: 1)
  }

  private func check(full: Bool = true) throws -> Verifier.Report {
    try Verifier(path: home.path, isFull: full, threads: 2).run { _, _ in }
  }

  /// The only finding, which a check that is not full does not have.
  private func finding() throws -> String {
    #expect(try check(full: false).findings.isEmpty)
    let report = try check()
    #expect(report.findings.count == 1 && report.snapshotFindings == 1)
    #expect(report.findings.first?.file == home.file(1))
    return report.findings.first?.description ?? ""
  }

  @Test func `A sound index finds its own rows, also with edits since`() throws {
    try home.add(["new/1", "moonreed/tram-depot-under-stars/01"])
    try home.remove(["moonreed/tram-depot-under-stars/02", "new/1"])
    let report = try check()
    #expect(report.findings.isEmpty && report.graphRowsChecked == 1785)
    #expect(report.recall.map { $0 >= 0.97 } == true, "\(report.recall ?? 0)")
    #expect(try check().recall == report.recall, "the same rows are asked for every time")
    let quick = try check(full: false)
    #expect(quick.recall == nil && quick.graphRowsChecked == nil)
  }

  @Test func `A catalogue without a graph has none to check`() throws {
    let fixture = try Fixture()
    try fixture.run(fixture.request([[1, 2], [3, 4]]))
    try IndexBuild(fixture.open()).run()
    let report = try Verifier(path: fixture.path, isFull: true).run { _, _ in }
    #expect(report.findings.isEmpty && report.recall == nil && report.graphRowsChecked == nil)
    #expect(report.summary(of: "x") == "x: sound at revision 1; 2 rows and 1 snapshot match their checksums.")
  }

  @Test func `Edges that no graph has are named`() throws {
    try home.rewrite(1, "graph.edges", of: UInt32.self) { $0[0] = 4000 }
    #expect(try finding() == "section graph.edges is not a sound graph: edgeOutOfRange(node: 0)")
  }

  @Test func `Rows that no walk reaches are counted`() throws {
    // Without edges only the entry points are reached.
    try home.rewrite(1, "graph.edges", of: UInt32.self) { edges in
      for place in edges.indices { edges[place] = .max }
    }
    #expect(try finding().hasPrefix("section graph.edges: no walk reaches 17"))
  }

  @Test func `Codes of something else make searches miss, which is measured`() throws {
    var generator = SeededGenerator(seed: 3)
    try home.rewrite(1, "codes", of: UInt8.self) { codes in
      for place in codes.indices { codes[place] = .random(in: .min ... .max, using: &generator) }
    }
    let text = try finding()
    #expect(text.hasPrefix("searches by its graph find ") && text.contains("fewer than 90 %"))
    #expect(try check().recall.map { $0 < 0.9 } == true)
  }

  @Test func `Another name of a member or a work is found`() throws {
    try home.rewrite(1, "members.bytes", of: UInt8.self) { $0[0] ^= 1 }
    #expect(try finding() == "section members.bytes names member 1 otherwise than the record")
    try home.rewrite(1, "members.bytes", of: UInt8.self) { $0[0] ^= 1 }
    #expect(try check().findings.isEmpty)
    try home.rewrite(1, "works.bytes", of: UInt8.self) { $0[0] ^= 1 }
    #expect(try finding().contains("names work 1, or its member, otherwise than the record"))
  }

  @Test(arguments: [("keys.bytes", 0), ("row.members", 1), ("row.works", 2), ("live", 3)])
  func `Columns that contradict the record are found by every check`(_ section: String, _ kind: Int) throws {
    switch kind {
    case 0: try home.rewrite(1, section, of: UInt8.self) { $0[0] ^= 1 }
    case 3: try home.rewrite(1, section, of: UInt64.self) { $0[0] ^= 1 }
    default: try home.rewrite(1, section, of: UInt32.self) { $0[0] ^= 3 }
    }
    for full in [false, true] {
      #expect(
        try check(full: full).findings.map(\.description) == ["says something else of row 0 than the record"])
    }
  }

  @Test func `Every damaged snapshot is named once, by section and block`() throws {
    try home.build()
    for number in [1, 2] {
      let length = try Data(contentsOf: URL(fileURLWithPath: home.file(number))).count
      try home.damage(home.file(number), at: length / 2)
    }
    let report = try check()
    #expect(Set(report.findings.map(\.file)) == [home.file(1), home.file(2)])
    #expect(report.findings.count == 2 && report.snapshotFindings == 2 && report.snapshotsChecked == 0)
    #expect(report.findings.allSatisfy { $0.description.contains("section ") })
    #expect(report.json(of: "x").contains(#""sound":false,"seq":1,"rows":1785,"snapshots":0,"findings":[{"file":"#))
  }
}
