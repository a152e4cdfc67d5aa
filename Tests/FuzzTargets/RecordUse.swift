import Catalogue
import Foundation
import Service
import VectorIndex
import WireProtocol

/// Everything that reads a record, and everything that writes one.
struct RecordUse {
  private let layout: CatalogueLayout

  init(_ layout: CatalogueLayout) {
    self.layout = layout
  }

  /// Uses the record in one of five ways: each is fast enough alone.
  func run(way: Int) throws {
    try attempt {
      switch way % 5 {
      case 0: try read(CatalogueStore.open(at: layout.directory, access: .readOnly))
      case 1: try serve(Self.requests, isReadOnly: true)
      case 3: try serve(Self.edits, isReadOnly: false)
      case 2: try write(CatalogueStore.open(at: layout.directory, access: .readWrite).makeWriter())
      default: _ = try Verifier(path: layout.directory, isFull: way / 5 % 2 == 0).run { _, _ in }
      }
    }
  }

  /// Allows for errors that a person can do something with.
  private func attempt(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as FuzzFinding {
      throw error
    } catch let error as CatalogueError {
      switch error {
      case .io, .full, .busy, .locked, .readOnly, .permissionDenied:
        throw FuzzFinding("the record is blamed on the system: \(error)")
      case .invalid, .unknown, .conflict: break
      default:
        try FuzzFinding.require(error.description.contains(layout.directory), "no file is named: \(error)")
      }
    } catch let error as IndexError {
      try FuzzFinding.require(error.description.contains(layout.directory), "no file is named: \(error)")
    } catch {
      throw FuzzFinding("an error of another kind: \(error)")
    }
  }

  // MARK: Reading

  private func read(_ store: CatalogueStore) throws {
    try reading(store) { _ = try $0.verify() }
    try reading(store) { reader in
      _ = (try reader.seq(), try reader.generation(), try reader.counts(), try reader.rowCount())
    }
    try reading(store) { try $0.forEachItem(since: 1) { _ in } }
    try reading(store) { try $0.forEachTombstone { _ in } }
    try reading(store) { try $0.forEachChecksum { _, _ in } }
    try reading(store) { try $0.forEachLiveItem { _ in } }
    try reading(store) { try $0.forEachJournaledRow { _, _ in } }
    try reading(store) { try $0.forEachMember { _, _ in } }
    try reading(store) { try $0.forEachWork { _ in } }
    try reading(store) {
      _ = (try $0.members(limit: 100), try $0.works(limit: 100), try $0.works(ofMember: 2, limit: 9))
    }
    try reading(store) { _ = try $0.details(of: UInt32(0)..<30) }
    try reading(store) { _ = (try $0.item(forKey: "k1"), try $0.itemNumbers(forKey: "k1")) }
    try reading(store) { _ = (try $0.history(ofKey: "k1"), try $0.retiredRows(ofKey: "k1")) }
    try reading(store) { _ = (try $0.permissions(limit: 100), try $0.permission(forID: "p1")) }
    try reading(store) {
      _ = try $0.permissions(relevantTo: "acme", member: 2, work: 2, item: "k1", knownAt: nil)
      _ = (try $0.hasPermissions(knownAt: 0), try $0.hasItemPermissions(ofMember: 2))
    }
    for field in [.key, .work, .timecode, .attribute("tags"), .attribute("year")] as [Condition.Field] {
      let tests: [Condition.Test] = [.any([.string("k1"), .integer(1990)]), .isEmpty, .exists]
      for test in tests { try reading(store) { try $0.forEachOrdinal(matching: Condition(field, test)) { _ in } } }
    }
  }

  /// One thing after another, so that what one refuses does not hide the others.
  private func reading(_ store: CatalogueStore, _ body: (CatalogueReader) throws -> Void) throws {
    try attempt { try store.read(body) }
  }

  /// Asks the engine for everything that comes from the record, or for edits of it.
  private func serve(_ requests: String, isReadOnly: Bool) throws {
    let engine = try Engine(path: layout.directory, threads: 1)
    let answers = try StreamFuzzing.answers(engine, [Array(requests.utf8)[...]], isReadOnly: isReadOnly)
    let count = requests.split(separator: "\n").count
    try FuzzFinding.require(answers.count == count, "\(answers.count) answers to \(count) requests")
    for answer in answers {
      // Foundation allows for a name that comes twice, which a damaged record may have.
      try FuzzFinding.require(
        (try? JSONSerialization.jsonObject(with: Data(answer))) != nil,
        "an answer is no JSON: \(String(decoding: answer.prefix(2000), as: UTF8.self))")
    }
  }

  private static let use =
    #""use":{"licensee":"acme","use":"training","territory":"JP","at":"2025-03-01"}"#

  private static let requests = """
    {"jsonrpc":"2.0","id":1,"method":"engine.hello"}
    {"jsonrpc":"2.0","id":2,"method":"search","params":{"key":"k1","k":30,"with_attributes":true,"with_vectors":"f32le",\(use)}}
    {"jsonrpc":"2.0","id":3,"method":"search","params":{"key":"n","k":3,"group_by":"work","filter":{"must":[{"key":"tags","match":{"value":"a"}}]}}}
    {"jsonrpc":"2.0","id":4,"method":"match","params":{"vector":[1,2,3,4,5,6,7,8],"score_threshold":0,"with_attributes":true,\(use)}}
    {"jsonrpc":"2.0","id":5,"method":"items.get","params":{"keys":["k1","k4","n"],"with_vectors":"f32le"}}
    {"jsonrpc":"2.0","id":6,"method":"items.scroll","params":{"with_attributes":true}}
    {"jsonrpc":"2.0","id":7,"method":"items.count","params":{"filter":{"must":[{"key":"member","match":{"value":"m1"}}]}}}
    {"jsonrpc":"2.0","id":8,"method":"members.list"}
    {"jsonrpc":"2.0","id":9,"method":"works.list"}
    {"jsonrpc":"2.0","id":10,"method":"works.list","params":{"member":"m1","limit":1}}
    {"jsonrpc":"2.0","id":11,"method":"permissions.list"}
    {"jsonrpc":"2.0","id":12,"method":"permissions.check","params":{"key":"k1",\(use)}}
    {"jsonrpc":"2.0","id":13,"method":"permissions.check","params":{"member":"m1","work":"w1",\(use)}}
    {"jsonrpc":"2.0","id":14,"method":"engine.stats"}
    {"jsonrpc":"2.0","id":15,"method":"engine.health"}

    """

  private static let edits = """
    {"jsonrpc":"2.0","id":1,"method":"items.upsert","params":{"op_id":"o","items":[{"key":"k1","vector":[1,2,3,4,5,6,7,8]}]}}
    {"jsonrpc":"2.0","id":2,"method":"items.upsert","params":{"items":[{"key":"k1","vector":[1,2,3,4,5,6,7,8],"member":"m1","work":"w1"},{"key":"k9","vector":[1,2,3,4,5,6,7,9],"member":"m9","work":"w9"}]}}
    {"jsonrpc":"2.0","id":3,"method":"items.remove","params":{"filter":{"must":[{"key":"tags","match":{"value":"t1"}}]}}}
    {"jsonrpc":"2.0","id":4,"method":"members.put","params":{"member":"m1","name":"N"}}
    {"jsonrpc":"2.0","id":5,"method":"works.put","params":{"member":"m1","work":"w1","title":"N"}}
    {"jsonrpc":"2.0","id":6,"method":"permissions.put","params":{"id":"p1","member":"m1","licensee":"acme","uses":["training"],"granted_at":"2024-12-20"}}
    {"jsonrpc":"2.0","id":7,"method":"permissions.revoke","params":{"id":"p1","revoked_at":"2025-08-01"}}
    {"jsonrpc":"2.0","id":8,"method":"search","params":{"key":"k1","k":30,"with_attributes":true,\(use)}}
    {"jsonrpc":"2.0","id":9,"method":"works.remove","params":{"member":"m1","work":"w1","cascade":true}}
    {"jsonrpc":"2.0","id":10,"method":"members.remove","params":{"member":"m1","cascade":true}}
    {"jsonrpc":"2.0","id":11,"method":"items.scroll"}

    """

  // MARK: Writing

  private func write(_ writer: CatalogueWriter) throws {
    func change(_ body: (CatalogueTransaction) throws -> Void) throws {
      try attempt { _ = try writer.transaction(body) }
    }
    let ordinal = writer.nextOrdinal
    try change { transaction in
      let items = ["k1", "new"].map { ItemRecord(key: $0, member: "m1", work: "w1", attributes: "{}", checksum: 1) }
      try transaction.append(items, startingAt: transaction.nextOrdinal)
    }
    try change { _ = try $0.remove(["k3"]) }
    try change { _ = try $0.remove(rows: [0, 1, ordinal]) }
    try change { try $0.put(member: "m1", name: "N", contact: nil, joinedAt: nil) }
    try change { _ = try $0.put(work: "w9", of: "m1", title: nil, kind: nil, firstPublished: nil, attributes: "{}") }
    try change {
      _ = try $0.put(Permission(id: "p3", member: "m1", work: "w1", licensee: "l", uses: ["u"], grantedAt: 0))
    }
    try change {
      _ = try $0.put(Permission(id: "p1", member: "m1", licensee: "acme", uses: ["training"], grantedAt: 0))
    }
    try change { _ = try $0.revoke("p1", at: 0, reference: "letter") }
    try change { _ = try $0.operation(named: "o") }
    try change { try $0.remember("{}", to: "items.remove 0 0", ofOperation: "o2") }
    try change { _ = try $0.remove(member: "m1", cascades: true) }
    try change { _ = try $0.compact() }
  }
}
