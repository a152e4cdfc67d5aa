import Foundation

/// What happened so far: the figures of the final table.
struct Tally: Encodable {
  var seed: UInt64 = 0
  var seconds = 0.0
  // Crash loop and fault points.
  var kills = 0
  var restarts = 0
  var acknowledgedEdits = 0
  var searchesCompared = 0
  var verifications = 0
  var buildsAnswered = 0
  /// Acknowledged and not there, or not as it was acknowledged.
  var lost = 0
  /// There, although nobody sent it, or although it was removed or refused.
  var phantom = 0
  /// Edits of which a part is there, or later ones without earlier ones.
  var torn = 0
  var wrongAnswers = 0
  /// Catalogues that did not open or verify after a kill, and everything else that must not be.
  var otherViolations = 0
  // Fault points.
  var faultPointsKnown = 0
  var faultPointsHit = 0
  // The same of commands that make a catalogue.
  var makingPointsKnown = 0
  var makingPointsHit = 0
  var faultsInjected: [String: Int] = [:]
  var writesAfterFailedSync = 0
  /// Unsynced changes that power cuts took back.
  var changesTakenBack = 0
  // Several hands.
  /// Engines and commands that worked on a catalogue beside others.
  var writers = 0
  var turns = 0
  var races = 0
  var commandsByName: [String: Int] = [:]
  /// Edits and commands that were refused because another process writes.
  var refusedToOthers = 0
  /// Answers of searches, matches, pages, counts and copies that were compared with what was there at their revision.
  var looksCompared = 0
  /// Power cuts in a process after the one that was killed.
  var laterPowerCuts = 0
  /// Pairs of processes that made one catalogue, and other pairs that must exclude each other.
  var rivals = 0
  /// What must not be, by the check that found it.
  var foundBy: [String: Int] = [:]
  // Corrupt files.
  var corruptTried = 0
  /// Of those, with checksums that were made right again.
  var corruptForged = 0
  var corruptDetected = 0
  var corruptHarmless = 0
  /// Answers of an earlier revision, which `seq` tells: what a cut-off log comes to.
  var corruptRolledBack = 0
  /// Of the detected ones: wrong hits that the engine itself gave without a word, and only `verify` tells.
  var corruptToldByVerifyOnly = 0
  var corruptWrongAnswers = 0
  var corruptCrashes = 0
  // Limits.
  var limitsTried = 0
  var limitsHeld = 0
  // The harness itself.
  var plantedTried = 0
  var plantedCaught = 0
  /// What is wrong, in words; the first of each kind.
  var notes: [String] = []

  /// How often something was that must not be, damaged files and limits left aside.
  var violations: Int { lost + phantom + torn + wrongAnswers + otherViolations + writesAfterFailedSync }

  /// Whether everything holds that must.
  var isGood: Bool {
    violations == 0
      && corruptWrongAnswers + corruptCrashes == 0 && plantedCaught == plantedTried && limitsHeld == limitsTried
  }

  /// Keeps a sentence about something wrong; of sentences that differ in numbers and points alone only the first three.
  mutating func note(_ text: String) {
    let reason = text.drop { $0 != ":" }.filter(\.isLetter).prefix(40)
    let alike = notes.count { $0.drop { $0 != ":" }.filter(\.isLetter).prefix(40) == reason }
    if alike < 3, notes.count < 60 { notes.append(text) }
  }

  /// Takes over what a comparison found.
  mutating func add(_ audit: Audit, _ context: String) {
    (lost, phantom, torn) = (lost + audit.lost, phantom + audit.phantom, torn + audit.torn)
    wrongAnswers += audit.wrongAnswers
    otherViolations += audit.otherViolations
    searchesCompared += audit.searches
    for text in audit.notes { note("\(context): \(text)") }
  }

  /// The figures as a table.
  var table: String {
    let faults = faultsInjected.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let commands = commandsByName.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let found = foundBy.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let rows: [(String, String)] = [
      ("kills / restarts compared", "\(kills) / \(restarts)"),
      ("acknowledged edits", "\(acknowledgedEdits)"),
      ("searches compared, catalogues verified", "\(searchesCompared), \(verifications)"),
      ("lost (must be 0)", "\(lost)"),
      ("phantom (must be 0)", "\(phantom)"),
      ("torn (must be 0)", "\(torn)"),
      ("wrong answers (must be 0)", "\(wrongAnswers)"),
      ("other violations (must be 0)", "\(otherViolations)"),
      ("fault points hit / known", "\(faultPointsHit) / \(faultPointsKnown)"),
      ("fault points of create and import hit / known", "\(makingPointsHit) / \(makingPointsKnown)"),
      ("faults injected", faults.isEmpty ? "none" : faults),
      ("unsynced changes that power cuts took back", "\(changesTakenBack)"),
      ("writes after a failed sync (must be 0)", "\(writesAfterFailedSync)"),
      ("processes that wrote beside others, refused", "\(writers), \(refusedToOthers)"),
      ("turns / races / rivals", "\(turns) / \(races) / \(rivals)"),
      ("commands beside engines", commands.isEmpty ? "none" : commands),
      ("answers compared with their revision", "\(looksCompared)"),
      ("power cuts in a later process", "\(laterPowerCuts)"),
      ("what must not be, by check", found.isEmpty ? "nothing" : found),
      ("corrupt files tried, of them with right checksums", "\(corruptTried), \(corruptForged)"),
      ("  detected / harmless / earlier revision", "\(corruptDetected) / \(corruptHarmless) / \(corruptRolledBack)"),
      ("  of the detected, told by verify only", "\(corruptToldByVerifyOnly)"),
      ("  wrong answers (must be 0)", "\(corruptWrongAnswers)"),
      ("  crashes (must be 0)", "\(corruptCrashes)"),
      ("limits held (must be all)", "\(limitsHeld) of \(limitsTried)"),
      ("planted faults caught (must be all)", "\(plantedCaught) of \(plantedTried)"),
    ]
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { "  \($0.padding(toLength: width, withPad: " ", startingAt: 0))  \($1)" }.joined(separator: "\n")
  }
}
