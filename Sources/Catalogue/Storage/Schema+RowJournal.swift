extension Schema {
  /// What format 3 added: rows that came with small commits, beside the record of their items.
  ///
  /// Such a commit is one write to one file that has to be durable, not two. The row files get the same bytes at once, for whoever has them
  /// mapped, but are synced later; until then a system that stops may lose what they got, and it is written again from here.
  static let rowJournalTable = """
    CREATE TABLE row_journal (
      ordinal INTEGER PRIMARY KEY,
      bytes BLOB NOT NULL
    ) STRICT;
    """
}
