import Evidence
import Testing

/// The rule against a table of cases, written from the document.
@Suite struct PermissionRuleTests {
  /// Instants are small numbers here: the permission is granted at 10, recorded at 20 and valid from 100 until 200.
  private static func terms(_ change: (inout PermissionTerms) -> Void = { _ in }) -> PermissionTerms {
    var terms = PermissionTerms(
      id: "p", licensee: "acme", uses: ["display", "training"], territories: ["DE", "JP"], validFrom: 100,
      validUntil: 200, grantedAt: 10, recordedAt: 20)
    change(&terms)
    return terms
  }

  private static func use(
    _ licensee: String = "acme", _ purpose: String = "training", _ territory: String = "JP", at: Int64 = 150,
    known: Int64? = nil
  ) -> Use {
    Use(licensee: licensee, purpose: purpose, territory: territory, at: at, asKnownAt: known)
  }

  private static func revoked(at instant: Int64, recorded: Int64) -> PermissionTerms {
    terms { $0.revocations = [.init(revokedAt: instant, recordedAt: recorded)] }
  }

  /// A case: what is known, what is done, and why it is not permitted; nil where it is.
  struct Case: Sendable, CustomTestStringConvertible {
    var title: String
    var terms: PermissionTerms
    var use: Use
    var reason: PermissionVerdict.Reason?

    init(_ title: String, _ terms: PermissionTerms, _ use: Use, _ reason: PermissionVerdict.Reason?) {
      (self.title, self.terms, self.use, self.reason) = (title, terms, use, reason)
    }

    var testDescription: String { title }
  }

  static let cases: [Case] = [
    Case("everything fits", terms(), use(), nil),
    Case("another listed use", terms(), use("acme", "display"), nil),
    Case("another listed territory", terms(), use("acme", "training", "DE"), nil),
    // Who, what, where.
    Case("another licensee", terms(), use("acne"), .otherLicensee),
    Case("a licensee that Unicode calls equivalent", terms { $0.licensee = "\u{E9}" }, use("e\u{301}"), .otherLicensee),
    Case("another use", terms(), use("acme", "generation"), .otherUse),
    Case("another territory", terms(), use("acme", "training", "US"), .otherTerritory),
    Case("worldwide covers every territory", terms { $0.territories = [] }, use("acme", "training", "US"), nil),
    Case("worldwide covers worldwide", terms { $0.territories = [] }, use("acme", "training", "worldwide"), nil),
    Case("two territories are not worldwide", terms(), use("acme", "training", "worldwide"), .otherTerritory),
    // The window: from its first instant until before its last.
    Case("just before the window", terms(), use(at: 99), .outsideWindow),
    Case("the first instant", terms(), use(at: 100), nil),
    Case("the last covered instant", terms(), use(at: 199), nil),
    Case("the end", terms(), use(at: 200), .outsideWindow),
    Case("no beginning", terms { $0.validFrom = nil }, use(at: 10), nil),
    Case("no beginning still ends", terms { $0.validFrom = nil }, use(at: 200), .outsideWindow),
    Case("no end", terms { $0.validUntil = nil }, use(at: .max), nil),
    Case("no end still begins", terms { $0.validUntil = nil }, use(at: 99), .outsideWindow),
    // Prior permission.
    Case("granted just after the use", terms { $0.grantedAt = 151 }, use(), .grantedAfterUse),
    Case("granted at the instant of the use", terms { $0.grantedAt = 150 }, use(), nil),
    Case("recorded after the use, granted before", terms { $0.recordedAt = 170 }, use(), nil),
    // Revocation.
    Case("revoked just after the use", revoked(at: 151, recorded: 30), use(), nil),
    Case("revoked at the instant of the use", revoked(at: 150, recorded: 30), use(), .revokedBefore),
    Case("revoked before the use", revoked(at: 149, recorded: 30), use(), .revokedBefore),
    Case("revoked before, recorded later", revoked(at: 149, recorded: 500), use(), .revokedBefore),
    Case(
      "the earliest of several revocations counts",
      terms { $0.revocations = [.init(revokedAt: 190, recordedAt: 30), .init(revokedAt: 150, recordedAt: 40)] }, use(),
      .revokedBefore),
    // What was known.
    Case("not recorded yet", terms(), use(known: 19), .noneRecorded),
    Case("recorded at that instant", terms(), use(known: 20), nil),
    Case("the use lies after what is known", terms(), use(known: 21), nil),
    Case("a revocation not recorded yet", revoked(at: 120, recorded: 160), use(known: 159), nil),
    Case("a revocation recorded at that instant", revoked(at: 120, recorded: 160), use(known: 160), .revokedBefore),
    Case("all is known without a second clock", terms { $0.recordedAt = .max }, use(), nil),
    Case("knowledge does not cure a late permission", terms { $0.grantedAt = 151 }, use(known: 1000), .grantedAfterUse),
    // The first test that fails is the reason.
    Case("use before territory", terms(), use("acme", "generation", "US", at: 0), .otherUse),
    Case("territory before window", terms(), use("acme", "training", "US", at: 0), .otherTerritory),
    Case("window before grant", terms { $0.grantedAt = 90 }, use(at: 50), .outsideWindow),
    Case(
      "grant before revocation",
      terms {
        $0.grantedAt = 151
        $0.revocations = [.init(revokedAt: 0, recordedAt: 30)]
      }, use(), .grantedAfterUse),
  ]

  @Test(arguments: cases)
  func `A permission is judged so`(_ example: Case) {
    let verdict = PermissionRule.verdict(on: example.use, given: [example.terms])
    let id = example.reason == .noneRecorded ? nil : "p"
    #expect(verdict == example.reason.map { .notPermitted($0, id: id) } ?? .permitted(id: "p"))
  }

  @Test func `Without permissions none is recorded`() {
    #expect(PermissionRule.verdict(on: Self.use(), given: []) == .notPermitted(.noneRecorded, id: nil))
  }

  @Test func `The reasons are in the order of the tests`() {
    let reasons = PermissionVerdict.Reason.allCases
    #expect(
      reasons.map(\.rawValue) == [
        "none_recorded", "other_licensee", "other_use", "other_territory", "outside_window", "granted_after_use",
        "revoked_before",
      ])
    #expect(reasons.sorted() == reasons)
  }

  /// One permission that fails each test, under ids that sort the other way round.
  private static let failures: [PermissionTerms] = [
    terms { ($0.id, $0.licensee) = ("f", "other") }, terms { ($0.id, $0.uses) = ("e", ["generation"]) },
    terms { ($0.id, $0.territories) = ("d", ["US"]) }, terms { ($0.id, $0.validUntil) = ("c", 150) },
    terms { ($0.id, $0.grantedAt) = ("b", 151) },
    terms { ($0.id, $0.revocations) = ("a", [.init(revokedAt: 150, recordedAt: 30)]) },
  ]

  @Test(arguments: 1...6)
  func `The nearest is the one that failed last`(_ count: Int) {
    let known = Array(Self.failures.prefix(count))
    let expected = PermissionVerdict.notPermitted(
      PermissionVerdict.Reason.allCases[count], id: known[count - 1].id)
    #expect(PermissionRule.verdict(on: Self.use(), given: known) == expected)
    #expect(PermissionRule.verdict(on: Self.use(), given: known.reversed()) == expected)
  }

  @Test func `One that covers the use is enough, and the least id of equals is named`() {
    let all = Self.failures + [Self.terms { $0.id = "y" }, Self.terms { $0.id = "x" }, Self.terms { $0.id = "z" }]
    for order in [all, all.reversed()] {
      #expect(PermissionRule.verdict(on: Self.use(), given: order) == .permitted(id: "x"))
    }
    let late = ["m", "k", "l"].map { id in Self.terms { ($0.id, $0.grantedAt) = (id, 151) } }
    #expect(PermissionRule.verdict(on: Self.use(), given: late) == .notPermitted(.grantedAfterUse, id: "k"))
  }

  /// Ids are ordered by bytes: Z before a.
  @Test func `Ids are compared by bytes`() {
    let both = ["a", "Z"].map { id in Self.terms { $0.id = id } }
    #expect(PermissionRule.verdict(on: Self.use(), given: both) == .permitted(id: "Z"))
  }
}
