import Catalogue
import Evidence
import VectorIndex
import WireProtocol

/// What the register says about one use of the rows of an answer.
///
/// All of it is read from one state of the register. What is asked depends on the rows only, not on how many permissions there are: permissions
/// for members and works once for each work, those for items only where the member has some.
struct UseVerdicts {
  private var verdicts: [UInt32: PermissionVerdict] = [:]

  /// Asks the register about rows.
  ///
  /// - Parameters:
  ///   - request: The use.
  ///   - rows: Ordinals of the snapshot; the same may come more than once.
  ///   - snapshot: Knows whose they are.
  ///   - engine: Whose register is asked.
  /// - Throws: `CatalogueError`.
  init(
    of request: UseRequest, on rows: some Sequence<UInt32>, _ snapshot: IndexSnapshot, _ engine: Engine
  ) throws {
    try engine.read(for: snapshot) { try ask(UseJudge(Use(request), $0), about: rows, of: snapshot) }
  }

  /// Asks the register as it was at the snapshot's revision, however long ago that is.
  ///
  /// A compaction since does not matter: whose a row is, the snapshot knows, and the register knows nothing of rows.
  ///
  /// - Parameters:
  ///   - request: The use.
  ///   - rows: Ordinals of the snapshot; the same may come more than once.
  ///   - snapshot: Knows whose they are.
  ///   - engine: Whose register is asked.
  ///   - terms: What was looked up for the same use and snapshot before; gets what is looked up now.
  /// - Throws: `CatalogueError`.
  init(
    of request: UseRequest, on rows: some Sequence<UInt32>, asOf snapshot: IndexSnapshot, _ engine: Engine,
    _ terms: KnownTerms
  ) throws {
    try engine.store.read { reader in
      try ask(UseJudge(Use(request), reader, upTo: snapshot.sequence, terms), about: rows, of: snapshot)
    }
  }

  private mutating func ask(
    _ judge: UseJudge, about rows: some Sequence<UInt32>, of snapshot: IndexSnapshot
  ) throws {
    for row in rows where verdicts[row] == nil {
      let work = snapshot.works.group(of: row) ?? 0
      verdicts[row] = try judge.verdict(member: snapshot.members[row], work: work, key: snapshot.keys[row])
    }
  }

  /// The verdict on a row; nil for a row that was not asked about.
  subscript(row: UInt32) -> PermissionVerdict? { verdicts[row] }
}

/// What the register was found to say about members and works.
///
/// - Concurrency: Belongs to one thread.
final class KnownTerms {
  struct WorkNumber: Hashable {
    var member: UInt32
    var work: UInt32
  }

  /// Permissions that name a member, under work 0, or one work, and no item.
  var broad: [WorkNumber: [PermissionTerms]] = [:]
  /// Whether a member has permissions that name items.
  var namesItems: [UInt32: Bool] = [:]

  /// Looks everything up again.
  func forget() { (broad, namesItems) = ([:], [:]) }
}

/// Judges one use of many items, within one read of the register.
struct UseJudge {
  private let use: Use
  private let reader: CatalogueReader
  /// Whether the register knew anything; most questions to an empty one end here.
  private let knowsAny: Bool
  private let sequence: Int64?
  private let known: KnownTerms

  /// A judge of one use.
  ///
  /// - Parameters:
  ///   - use: The use.
  ///   - reader: The register.
  ///   - sequence: Only what commits up to this one recorded counts; nil for all.
  ///   - known: What was looked up for the same use and commit before.
  /// - Throws: `CatalogueError`.
  init(_ use: Use, _ reader: CatalogueReader, upTo sequence: Int64? = nil, _ known: KnownTerms = KnownTerms()) throws {
    self.use = use
    self.reader = reader
    self.sequence = sequence
    self.known = known
    knowsAny = try reader.hasPermissions(knownAt: use.asKnownAt, upTo: sequence)
  }

  /// Whether the use is permitted.
  ///
  /// - Parameters:
  ///   - member: The number of the member; 0 for none, who can have given no permission.
  ///   - work: The number of the work; 0 for none, or for a use of all works.
  ///   - key: The item's; nil for a use of all items.
  /// - Returns: The verdict.
  /// - Throws: `CatalogueError`.
  func verdict(member: UInt32, work: UInt32, key: @autoclosure () -> String?) throws -> PermissionVerdict {
    guard knowsAny, member != 0 else { return .notPermitted(.noneRecorded, id: nil) }
    var terms = try broadTerms(KnownTerms.WorkNumber(member: member, work: 0))
    if work != 0 { terms += try broadTerms(KnownTerms.WorkNumber(member: member, work: work)) }
    if try hasItemPermissions(member), let key = key() {
      terms += try self.terms(member, work: 0, item: key)
      if work != 0 { terms += try self.terms(member, work: work, item: key) }
    }
    return PermissionRule.verdict(on: use, given: terms)
  }

  private func broadTerms(_ number: KnownTerms.WorkNumber) throws -> [PermissionTerms] {
    if let found = known.broad[number] { return found }
    let terms = try terms(number.member, work: number.work, item: nil)
    known.broad[number] = terms
    return terms
  }

  private func hasItemPermissions(_ member: UInt32) throws -> Bool {
    if let found = known.namesItems[member] { return found }
    let found = try reader.hasItemPermissions(ofMember: member)
    known.namesItems[member] = found
    return found
  }

  private func terms(_ member: UInt32, work: UInt32, item: String?) throws -> [PermissionTerms] {
    try reader.permissions(
      relevantTo: use.licensee, member: member, work: work, item: item, knownAt: use.asKnownAt, upTo: sequence
    ).map(PermissionTerms.init)
  }
}

extension Use {
  /// A use as a request describes it.
  init(_ request: UseRequest) {
    self.init(
      licensee: request.licensee, purpose: request.use, territory: request.territory, at: request.at,
      asKnownAt: request.asKnownAt)
  }
}

extension PermissionTerms {
  /// The terms of a permission in the register.
  init(_ record: PermissionRecord) {
    let permission = record.permission
    self.init(
      id: permission.id, licensee: permission.licensee, uses: permission.uses, territories: permission.territories,
      validFrom: permission.validFrom, validUntil: permission.validUntil, grantedAt: permission.grantedAt,
      recordedAt: record.recordedAt,
      revocations: record.revocations.map { Revocation(revokedAt: $0.revokedAt, recordedAt: $0.recordedAt) })
  }
}
