extension Schema {
  /// The table of items, under its own name or that of one that will take its place.
  static func itemTable(named name: String) -> String {
    """
    CREATE TABLE \(name) (
      ordinal INTEGER PRIMARY KEY CHECK (ordinal >= 0),
      key TEXT NOT NULL,
      member INTEGER REFERENCES member(number),
      work INTEGER REFERENCES work(number),
      kind TEXT,
      title TEXT,
      source TEXT,
      timecode ANY,
      attributes TEXT CHECK (attributes IS NULL OR (json_valid(attributes) AND json_type(attributes) = 'object')),
      checksum INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      removed_seq INTEGER
    ) STRICT;
    """
  }

  /// What finds items by key, by work and by removal.
  static let itemIndexes = """
    CREATE UNIQUE INDEX item_by_key ON item (key) WHERE removed_seq IS NULL;
    CREATE INDEX item_by_work ON item (member, work) WHERE removed_seq IS NULL;
    CREATE INDEX item_by_removal ON item (removed_seq) WHERE removed_seq IS NOT NULL;
    """
}
