import Catalogue
import TestSupport
import Testing

@Suite struct VerificationTests {
  private func makeStore(_ home: TemporaryDirectory) throws {
    let writer = try home.makeCatalogue().makeWriter()
    try writer.commit([
      ItemRecord(key: "a", member: "m", work: "w", attributes: "{}", checksum: 1),
      ItemRecord(key: "b", member: "n", checksum: 1), ItemRecord(key: "c", member: "n", work: "w", checksum: 1),
    ])
    try writer.commit(records("a", "d"))
    for id in ["p", "q"] {
      _ = try writer.transaction {
        _ = try $0.put(
          Permission(
            id: id, member: "m", work: "w", licensee: "l", uses: ["training"], validFrom: 1, validUntil: 2, grantedAt: 0
          ))
      }
    }
    for instant: Int64 in [5, 6] { _ = try writer.transaction { _ = try $0.revoke("p", at: instant) } }
  }

  @Test func `A sound catalogue has no findings`() throws {
    let home = try TemporaryDirectory()
    try makeStore(home)
    #expect(try home.open(.readOnly).read { try $0.verify() } == [])
  }

  static let faults: [(sql: String, words: String)] = [
    ("DROP INDEX item_by_key; UPDATE item SET removed_seq = NULL WHERE ordinal = 0", "one live item has a key"),
    ("DELETE FROM item WHERE ordinal = 1", "ordinals count from 0"),
    ("UPDATE item SET seq = 2 WHERE ordinal = 0", "commits grow with ordinals"),
    ("UPDATE item SET seq = 7 WHERE ordinal = 4", "no item is newer"),
    ("UPDATE item SET removed_seq = 9 WHERE ordinal = 4", "no item is newer"),
    ("UPDATE item SET removed_seq = 1 WHERE ordinal = 4", "removed after it came"),
    ("UPDATE item SET checksum = -1 WHERE ordinal = 4", "a checksum has 32 bits"),
    ("UPDATE item SET checksum = 1 << 32 WHERE ordinal = 4", "a checksum has 32 bits"),
    ("UPDATE item SET member = 2 WHERE ordinal = 0", "a work belongs to the member"),
    ("UPDATE item SET work = 77 WHERE ordinal = 0", "does not exist"),
    ("UPDATE item SET attributes = '[' WHERE ordinal = 0", "attributes are JSON objects"),
    ("UPDATE member SET number = 9 WHERE number = 2", "numbers of members"),
    ("UPDATE work SET number = 9 WHERE number = 2", "numbers of works"),
    ("UPDATE catalogue SET format = 5", "the format is that of the file's header"),
    ("INSERT INTO model SELECT 2, name, dimension, metric, storage, preprocessing, digest FROM model", "one model"),
    ("UPDATE permission SET number = 9 WHERE id = 'q'", "numbers of permissions"),
    ("UPDATE revocation SET number = 9 WHERE number = 2", "numbers of revocations"),
    ("UPDATE permission SET recorded_at = 0 WHERE id = 'q'", "permissions are recorded in the order"),
    ("UPDATE permission SET seq = 1 WHERE id = 'q'", "permissions are recorded in the order"),
    ("UPDATE revocation SET recorded_at = 0 WHERE number = 2", "revocations are recorded in the order"),
    ("UPDATE revocation SET seq = 99 WHERE number = 2", "no permission or revocation is newer"),
    ("UPDATE revocation SET recorded_at = 0 WHERE number = 1", "recorded before its revocation"),
    ("UPDATE revocation SET permission = 77 WHERE number = 1", "does not exist"),
    ("UPDATE permission SET valid_until = 1 WHERE id = 'q'", "ends after it begins"),
    ("UPDATE permission SET scope = 'item' WHERE id = 'q'", "scope is the narrowest"),
    ("UPDATE permission SET uses = '' WHERE id = 'q'", "an id, a licensee and a use"),
    ("UPDATE permission SET work = 2 WHERE id = 'q'", "work is one of its member"),
    ("UPDATE permission SET member = 77 WHERE id = 'q'", "does not exist"),
  ]

  @Test(arguments: faults)
  func `A broken rule is found`(sql: String, words: String) throws {
    let home = try TemporaryDirectory()
    try makeStore(home)
    try home.tamper(sql)
    let findings = try home.open(.readOnly).read { try $0.verify() }
    #expect(findings.contains { $0.description.contains(words) }, "\(findings)")
    #expect(findings.allSatisfy { $0.file == home.database })
  }
}
