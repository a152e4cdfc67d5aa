import GRDB

extension CatalogueReader {
  /// Checks the SQLite file and the rules that its tables have to keep; empty if all is well.
  ///
  /// A file that SQLite cannot read is reported as a finding, too.
  ///
  /// - Throws: ``CatalogueError`` for failures that say nothing about the file's contents.
  /// - Complexity: O(*n* log *n*) in the items, with reads of the whole file.
  public func verify() throws -> [Finding] {
    var findings: [Finding] = []
    do {
      findings += try pageFindings()
      findings += try referenceFindings()
      let hasPermissions = try Schema.hasPermissions(db)
      for rule in CatalogueReader.rules + (hasPermissions ? CatalogueReader.permissionRules : []) {
        guard let row = try Row.fetchOne(db, sql: rule.offender) else { continue }
        findings.append(Finding(file: file, description: "\(rule.text): not so for \(row.text(0) ?? "NULL")"))
      }
    } catch let error as DatabaseError {
      guard case .damaged(_, let reason) = CatalogueError(error, file: file) else { throw error }
      findings.append(Finding(file: file, description: reason))
    }
    return findings
  }

  private func pageFindings() throws -> [Finding] {
    let rows = try Row.fetchCursor(db, sql: "PRAGMA integrity_check(10)")
    var findings: [Finding] = []
    while let row = try rows.next() {
      guard let text = row.text(0), text != "ok" else { continue }
      findings.append(Finding(file: file, description: text))
    }
    return findings
  }

  private func referenceFindings() throws -> [Finding] {
    guard let row = try Row.fetchOne(db, sql: "PRAGMA foreign_key_check") else { return [] }
    let text = "row \(row.number(1)) of \(row.text(0) ?? "?") names a \(row.text(2) ?? "?") that does not exist"
    return [Finding(file: file, description: text)]
  }

  /// Each rule with a query for the first thing that breaks it.
  private static let rules: [(text: String, offender: String)] = [
    (
      "the format is that of the file's header",
      "SELECT format FROM catalogue WHERE format <> (SELECT user_version FROM pragma_user_version)"
    ),
    (
      "there is one catalogue and one model",
      "SELECT n FROM (SELECT (SELECT count(*) FROM catalogue) + (SELECT count(*) FROM model) AS n) WHERE n <> 2"
    ),
    (
      "ordinals count from 0 without gaps",
      "SELECT n FROM (SELECT count(*) AS n, max(ordinal) AS last FROM item) WHERE n > 0 AND last <> n - 1"
    ),
    (
      "one live item has a key",
      "SELECT key FROM item NOT INDEXED WHERE removed_seq IS NULL GROUP BY key HAVING count(*) > 1 LIMIT 1"
    ),
    (
      "commits grow with ordinals",
      """
      SELECT ordinal FROM (SELECT ordinal, seq, lag(seq, 1, 1) OVER (ORDER BY ordinal) AS before FROM item)
      WHERE seq < before LIMIT 1
      """
    ),
    (
      "no item is newer than the last commit",
      "SELECT ordinal FROM item WHERE max(seq, ifnull(removed_seq, 0)) > (SELECT seq FROM catalogue) LIMIT 1"
    ),
    ("an item is removed after it came", "SELECT ordinal FROM item WHERE removed_seq < seq LIMIT 1"),
    ("a checksum has 32 bits", "SELECT ordinal FROM item WHERE checksum NOT BETWEEN 0 AND 4294967295 LIMIT 1"),
    // SQLite leaves CHECK constraints out where the connection is read-only.
    (
      "attributes are JSON objects",
      """
      SELECT ordinal FROM item WHERE attributes IS NOT NULL
      AND NOT (json_valid(attributes) AND json_type(attributes) = 'object') LIMIT 1
      """
    ),
    (
      "a work belongs to the member of its items",
      """
      SELECT ordinal FROM item JOIN work ON work.number = item.work WHERE work.member IS NOT item.member LIMIT 1
      """
    ),
    (
      "numbers of members count from 1 without gaps",
      "SELECT n FROM (SELECT count(*) AS n, max(number) AS last FROM member) WHERE n > 0 AND last <> n"
    ),
    (
      "numbers of works count from 1 without gaps",
      "SELECT n FROM (SELECT count(*) AS n, max(number) AS last FROM work) WHERE n > 0 AND last <> n"
    ),
  ]
}
