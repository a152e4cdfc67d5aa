/// Something that must not be, and the check that found it.
struct Finding {
  /// What was looked at.
  enum Check: String, CaseIterable {
    /// Acknowledged and not there, or not as it was acknowledged.
    case lost
    /// There, although nobody sent it, or although it was removed or refused.
    case phantom
    /// Edits of which a part is there, or later ones without earlier ones.
    case torn
    /// A catalogue that does not open, or is not found sound.
    case unreadable
    /// An engine that works without a part of its files, although nothing happened to them.
    case degraded
    /// Two processes that were told one revision for their edits.
    case revision
    /// What a removal says that it took away.
    case receipt
    /// What `verify --removed` says of bytes that are there.
    case remains
    /// A revision that falls on a stream, or is below the one that was asked for.
    case sequence
    /// A search by a key that is only ever replaced, and is not found.
    case steadyKey
    /// Hits of a search: missing, wrong, or not in order.
    case hits
    /// Matches of all pages together.
    case matches
    /// Works and their counts.
    case groups
    /// Stored vectors and what stands beside them.
    case items
    /// Pages of all items.
    case scroll
    /// Counts of items.
    case count
    /// Cosines beyond 1, and of equal vectors other than 1.
    case cosine
    /// An `op_id` that is bound to another edit.
    case operation
    /// What `backup` and `export` wrote.
    case copy
    /// A process that ended as it must not, or did not answer.
    case process
  }

  var check: Check
  var text: String
}

extension Tally {
  /// Takes over what was found.
  mutating func add(_ findings: [Finding], _ context: String) {
    for finding in findings {
      switch finding.check {
      case .lost: lost += 1
      case .phantom: phantom += 1
      case .torn: torn += 1
      case .hits, .matches, .groups, .items, .scroll, .count, .cosine, .steadyKey, .sequence, .receipt, .remains, .copy:
        wrongAnswers += 1
      case .unreadable, .degraded, .revision, .operation, .process: otherViolations += 1
      }
      foundBy[finding.check.rawValue, default: 0] += 1
    }
    // The first few say enough: what comes after one fault is often its consequence.
    for finding in findings.prefix(4) { note("\(context): \(finding.check.rawValue): \(finding.text)") }
  }
}
