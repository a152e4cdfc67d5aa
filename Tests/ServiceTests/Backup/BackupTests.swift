import Catalogue
import Foundation
import Service
import TestSupport
import Testing
import VectorIndex

/// A copy is of one commit, whatever is written meanwhile, and whole or not there.
@Suite struct BackupTests {
  private let home: TemporaryDirectory

  init() throws {
    home = try TemporaryDirectory()
  }

  /// What was live at a revision: key and bytes of every row, by ordinal.
  private func state(_ path: String, at sequence: Int64) throws -> [UInt32: String] {
    let store = try CatalogueStore.open(at: path, access: .readOnly)
    return try store.read { reader in
      let count = try reader.rowCount()
      let rows = try RowStore(
        directory: store.layout.rows(generation: 0), layout: RowLayout(dimension: 256, elementType: .float16),
        catalogue: SnapshotFixture.id(of: path), count: Int(count))
      var live: [UInt32: String] = [:]
      for case let item? in try reader.details(of: 0..<count) {
        guard item.seq <= sequence, item.removedSeq.map({ $0 > sequence }) ?? true else { continue }
        live[item.ordinal] = "\(item.record) \(rows.checksum(of: Ordinal(item.ordinal)))"
      }
      return live
    }
  }

  @Test func `Copies that are made while a writer commits are each of one revision`() throws {
    // Only the queue touches it until the group is done.
    nonisolated(unsafe) let sample = try SnapshotFixture(snapshots: 2)
    let path = sample.path
    let writes = DispatchQueue(label: "writes")
    let end = DispatchGroup()
    writes.async(group: end) {
      for round in 1...60 {
        // Replaces some, brings some, removes some: three commits a round.
        try? sample.add(["moonreed/tram-depot-under-stars/0\(round % 9 + 1)", "new/\(round)"], seed: UInt64(round))
        if round % 3 == 0 { try? sample.remove(["new/\(round - 1)"]) }
        if round % 20 == 0 { _ = try? sample.build() }
      }
    }
    var sequences: Set<Int64> = []
    for number in 0..<6 {
      let target = home.appending("copy\(number)")
      let report = try Backup(catalogue: path, target: target).run()
      sequences.insert(report.sequence)
      #expect(report.snapshot != nil)
    }
    end.wait()
    #expect(try CatalogueStore.open(at: path, access: .readOnly).seq() == 81, "60 imports and 20 removals")
    #expect(sequences.count > 1, "nothing was written meanwhile")
    for number in 0..<6 {
      let target = home.appending("copy\(number)")
      let verified = try Verifier(path: target).run { _, _ in }
      #expect(verified.findings.isEmpty && verified.snapshotsChecked == 1)
      #expect(sequences.contains(verified.sequence))
      #expect(try state(target, at: verified.sequence) == state(path, at: verified.sequence))
      let engine = try Engine(path: target, threads: 1)
      #expect(engine.snapshotTroubles.isEmpty && engine.snapshotNumber != nil)
    }
  }

  @Test func `A copy can be written to, and holds what is needed and no more`() throws {
    let sample = try SnapshotFixture(snapshots: 2)
    let target = home.appending("copy")
    let report = try Backup(catalogue: sample.path, target: target).run()
    #expect(report.rows == 1785 && report.snapshot == 2 && report.sequence == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: target).sorted()
    #expect(names == ["CURRENT", "LOCK", "catalogue.sqlite", "index", "rows"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: target + "/index") == ["000002"])
    _ = try CatalogueStore.open(at: target, access: .readWrite).makeWriter().remove(
      ["moonreed/tram-depot-under-stars/01"])
    #expect(try Verifier(path: target).run { _, _ in }.findings.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == ["copy"])
  }

  @Test func `A damaged snapshot is left out, and an empty catalogue is copied too`() throws {
    let sample = try SnapshotFixture(snapshots: 2)
    try sample.damage(sample.file(2))
    #expect(try Backup(catalogue: sample.path, target: home.appending("a")).run().snapshot == 1)
    try sample.damage(sample.file(1))
    #expect(try Backup(catalogue: sample.path, target: home.appending("b")).run().snapshot == nil)
    let empty = home.appending("empty.kagami")
    try CatalogueStore.create(at: empty, model: ModelSpace(dimension: 3))
    let report = try Backup(catalogue: empty, target: home.appending("c")).run()
    #expect(report.rows == 0 && report.sequence == 0)
  }

  @Test func `A damaged row ends the backup and names the original`() throws {
    let sample = try SnapshotFixture(snapshots: 0)
    try sample.damage(sample.path + "/rows/000001.rows", at: 4096 + 65_536 * 4 + 512 * 900 + 3)
    let error = #expect(throws: BackupError.self) {
      try Backup(catalogue: sample.path, target: home.appending("a")).run()
    }
    #expect(error?.description.hasPrefix("\(sample.path)/rows/000001.rows: row 900") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
  }

  @Test func `Nothing is copied over something, or into nowhere`() throws {
    let sample = try SnapshotFixture(snapshots: 0)
    let place = try home.write([1], to: "file")
    let existing = #expect(throws: CatalogueError.self) { try Backup(catalogue: sample.path, target: place).run() }
    #expect(existing?.exitCode == 73)
    let nowhere = #expect(throws: CatalogueError.self) {
      try Backup(catalogue: sample.path, target: home.appending("no/where")).run()
    }
    #expect(nowhere?.exitCode == 73)
    #expect(try home.read("file") == [1])
  }
}
