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
    try engine.read(for: snapshot) { reader in
      var judge = try UseJudge(Use(request), reader)
      for row in rows where verdicts[row] == nil {
        let work = snapshot.works.group(of: row) ?? 0
        verdicts[row] = try judge.verdict(
          member: snapshot.members[row], work: work, key: snapshot.keys[row])
      }
    }
  }

  /// The verdict on a row; nil for a row that was not asked about.
  subscript(row: UInt32) -> PermissionVerdict? { verdicts[row] }
}

/// Judges one use of many items, within one read of the register.
struct UseJudge {
  private struct WorkNumber: Hashable {
    var member: UInt32
    var work: UInt32
  }

  private let use: Use
  private let reader: CatalogueReader
  /// Whether the register knew anything; most questions to an empty one end here.
  private let knowsAny: Bool
  /// Permissions that name a member, under work 0, or one work, and no item.
  private var broad: [WorkNumber: [PermissionTerms]] = [:]
  private var namesItems: [UInt32: Bool] = [:]

  init(_ use: Use, _ reader: CatalogueReader) throws {
    self.use = use
    self.reader = reader
    knowsAny = try reader.hasPermissions(knownAt: use.asKnownAt)
  }

  /// Whether the use is permitted.
  ///
  /// - Parameters:
  ///   - member: The number of the member; 0 for none, who can have given no permission.
  ///   - work: The number of the work; 0 for none, or for a use of all works.
  ///   - key: The item's; nil for a use of all items.
  /// - Returns: The verdict.
  /// - Throws: `CatalogueError`.
  mutating func verdict(member: UInt32, work: UInt32, key: @autoclosure () -> String?) throws -> PermissionVerdict {
    guard knowsAny, member != 0 else { return .notPermitted(.noneRecorded, id: nil) }
    var terms = try broadTerms(WorkNumber(member: member, work: 0))
    if work != 0 { terms += try broadTerms(WorkNumber(member: member, work: work)) }
    if try hasItemPermissions(member), let key = key() {
      terms += try self.terms(member, work: 0, item: key)
      if work != 0 { terms += try self.terms(member, work: work, item: key) }
    }
    return PermissionRule.verdict(on: use, given: terms)
  }

  private mutating func broadTerms(_ number: WorkNumber) throws -> [PermissionTerms] {
    if let known = broad[number] { return known }
    let terms = try terms(number.member, work: number.work, item: nil)
    broad[number] = terms
    return terms
  }

  private mutating func hasItemPermissions(_ member: UInt32) throws -> Bool {
    if let known = namesItems[member] { return known }
    let found = try reader.hasItemPermissions(ofMember: member)
    namesItems[member] = found
    return found
  }

  private func terms(_ member: UInt32, work: UInt32, item: String?) throws -> [PermissionTerms] {
    try reader.permissions(
      relevantTo: use.licensee, member: member, work: work, item: item, knownAt: use.asKnownAt
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
