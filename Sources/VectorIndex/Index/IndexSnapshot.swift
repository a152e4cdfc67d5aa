/// One state of the index: everything that a search holds, and nothing that changes under it.
///
/// A value whose columns share their memory with earlier and later states. Elsewhere called searcher or view.
public struct IndexSnapshot: Sendable {
  /// How closeness is measured.
  public let metric: Metric
  /// The revision of the catalogue that this state shows.
  public var sequence: Int64
  /// How often the catalogue was compacted before: rows of two generations have nothing to do with each other.
  public var generation: Int64 = 0
  /// The rows, removed ones among them.
  public private(set) var rows: RowStore
  /// The key of every row.
  public private(set) var keys = KeyColumn()
  /// The work of every row.
  public private(set) var works = GroupColumn()
  /// The number of every row's member, 0 for none.
  public private(set) var members = ChunkedColumn<UInt32>()
  /// The rows that are neither removed nor replaced.
  public private(set) var live: Bitmap
  /// How many rows are live.
  public private(set) var liveCount = 0
  /// Codes and graph of the first rows; nil where every search is exact.
  public private(set) var graph: GraphIndex?

  /// A state without rows.
  ///
  /// - Parameters:
  ///   - metric: How closeness is measured.
  ///   - rows: A store whose rows are to be described by ``append(key:work:member:)``.
  public init(metric: Metric, rows: RowStore) {
    self.metric = metric
    self.rows = rows
    live = Bitmap(count: 0)
    sequence = 0
  }

  /// The state that a snapshot file holds.
  ///
  /// Columns are read in place. Every number in them is checked here; keys are not read.
  ///
  /// - Parameters:
  ///   - reader: The file.
  ///   - metric: How closeness is measured.
  ///   - rows: The catalogue's rows; the file has to be about no more.
  ///   - memberCount: The number that those of all members are below.
  ///   - workCount: The number that those of all works are below.
  /// - Throws: `IndexError.damaged`, naming the section.
  /// - Complexity: O(*n*), at the speed of memory.
  public init(
    reading reader: SnapshotReader, metric: Metric, rows: RowStore, memberCount: Int, workCount: Int
  ) throws(IndexError) {
    let count = reader.rowCount
    guard count <= rows.count else {
      throw .damaged(file: reader.path, reason: "is about \(count) rows where there are \(rows.count)")
    }
    (self.metric, self.rows) = (metric, rows)
    sequence = reader.sequence
    keys = try KeyColumn(reader, named: "keys", count: count)
    works = try GroupColumn(reader, named: "row.works", below: workCount)
    let members = try reader.section("row.members", of: UInt32.self, count: count)
    guard members.isBelow(memberCount) else {
      throw reader.damage("row.members", "names a member that does not exist")
    }
    self.members = ChunkedColumn(members)
    // Read whole anyway, and never to be trusted unread: a lost bit would bring a removed row back.
    let words = try reader.section("live", of: UInt64.self, count: (count + 63) >> 6, isVerified: true)
    live = Bitmap(words: words.withSpan { words in words.indices.map { words[$0] } }, count: count)
    liveCount = live.population
    live.grow(to: rows.count)
  }

  /// Writes the state as sections of a snapshot file.
  ///
  /// - Throws: `IndexError`.
  public func write(to writer: SnapshotWriter) throws(IndexError) {
    try keys.write(to: writer, as: "keys")
    try works.write(to: writer, as: "row.works")
    try members.write(to: writer, as: "row.members")
    try writer.add("live", live.words.span.extracting(first: (count + 63) >> 6))
  }

  /// How many rows are described.
  public var count: Int { keys.count }

  /// Makes rows readable that were appended to the files since.
  ///
  /// - Throws: `IndexError`, and then nothing has changed.
  public mutating func growRows(to count: Int) throws(IndexError) {
    try rows.grow(to: count)
    live.grow(to: count)
  }

  /// Describes the next row, which is live.
  ///
  /// - Parameters:
  ///   - key: The caller's key, UTF-8.
  ///   - work: The number of its work, or nil.
  ///   - member: The number of its member, 0 for none.
  public mutating func append(key: Span<UInt8>, work: UInt32?, member: UInt32) {
    let ordinal = UInt32(keys.count)
    precondition(Int(ordinal) < rows.count)
    keys.append(key)
    works.append(work)
    members.append(member)
    live.insert(ordinal)
    liveCount += 1
  }

  /// Uses codes and graph from now on, or none.
  ///
  /// - Parameter graph: Of the first rows of this state; rows that it does not cover are scanned.
  public mutating func attach(_ graph: GraphIndex?) {
    precondition(graph.map { $0.count <= rows.count } ?? true, "a graph of rows that are not there")
    self.graph = graph
  }

  /// Takes a row out of every answer.
  public mutating func remove(_ ordinal: Ordinal) {
    guard live[ordinal.rawValue] else { return }
    live.remove(ordinal.rawValue)
    liveCount -= 1
  }
}
