extension CatalogueReader {
  /// The rules of the tables that format 2 adds, each with a query for the first thing that breaks it.
  static let permissionRules: [(text: String, offender: String)] = [
    (
      "numbers of permissions count from 1 without gaps",
      "SELECT n FROM (SELECT count(*) AS n, max(number) AS last FROM permission) WHERE n > 0 AND last <> n"
    ),
    (
      "numbers of revocations count from 1 without gaps",
      "SELECT n FROM (SELECT count(*) AS n, max(number) AS last FROM revocation) WHERE n > 0 AND last <> n"
    ),
    (
      "permissions are recorded in the order of their numbers",
      """
      SELECT number FROM (SELECT number, seq, recorded_at, lag(seq, 1, 1) OVER (ORDER BY number) AS before,
        lag(recorded_at) OVER (ORDER BY number) AS earlier FROM permission)
      WHERE seq < before OR recorded_at < earlier LIMIT 1
      """
    ),
    (
      "revocations are recorded in the order of their numbers",
      """
      SELECT number FROM (SELECT number, seq, recorded_at, lag(seq, 1, 1) OVER (ORDER BY number) AS before,
        lag(recorded_at) OVER (ORDER BY number) AS earlier FROM revocation)
      WHERE seq < before OR recorded_at < earlier LIMIT 1
      """
    ),
    (
      "no permission or revocation is newer than the last commit",
      """
      SELECT number FROM (SELECT number, seq FROM permission UNION ALL SELECT number, seq FROM revocation)
      WHERE seq > (SELECT seq FROM catalogue) LIMIT 1
      """
    ),
    (
      "a permission is recorded before its revocation",
      """
      SELECT permission.id FROM revocation JOIN permission ON permission.number = revocation.permission
      WHERE revocation.recorded_at < permission.recorded_at OR revocation.seq < permission.seq LIMIT 1
      """
    ),
    ("a permission ends after it begins", "SELECT id FROM permission WHERE valid_from >= valid_until LIMIT 1"),
    (
      "a permission's scope is the narrowest thing that it names",
      """
      SELECT id FROM permission
      WHERE scope <> iif(item IS NOT NULL, 'item', iif(work IS NOT NULL, 'work', 'member')) LIMIT 1
      """
    ),
    (
      "a permission has an id, a licensee and a use",
      "SELECT number FROM permission WHERE id = '' OR licensee = '' OR uses = '' LIMIT 1"
    ),
    (
      "a permission's work is one of its member",
      """
      SELECT permission.id FROM permission JOIN work ON work.number = permission.work
      WHERE work.member IS NOT permission.member LIMIT 1
      """
    ),
  ]
}
