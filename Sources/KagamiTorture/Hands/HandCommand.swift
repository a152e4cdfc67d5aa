import Foundation

/// A command that works on a catalogue beside others, and what it does by the model.
struct HandCommand {
  /// Which command.
  enum Kind: String, CaseIterable {
    case add, remove, compact, `import`, build, backup, verify, export, members, works
  }

  var kind: Kind
  /// The program's arguments.
  var words: [String]
  /// Lines of standard input.
  var input: [String] = []
  /// What it does to the items.
  var edit: ModelEdit?
  /// What it writes.
  var target: String?
  /// Whether what it prints is JSON.
  var printsJSON = true

  /// Makes a command.
  ///
  /// - Parameters:
  ///   - kind: Which one.
  ///   - catalogue: The directory.
  ///   - folder: Where files go.
  ///   - waiting: Seconds that it waits for the lock; nil for none.
  ///   - edits: Where edits come from.
  ///   - random: Where chance comes from.
  /// - Throws: Where a file cannot be written.
  init(
    _ kind: Kind, _ catalogue: String, folder: String, waiting: Int?, _ edits: inout HandEdits,
    _ random: inout Randomness
  ) throws {
    self.kind = kind
    let wait = waiting.map { ["--wait-lock", "\($0)"] } ?? []
    let file = "\(folder)/hand-\(random.next() % 1_000_000_000)"
    words = [kind.rawValue, catalogue]
    switch kind {
    case .add:
      edit = edits.upsert()
      input = edit?.lines(nesting: true) ?? []
      words += ["--json", "--atomic"] + wait
    case .remove: addRemoval(&edits, &random, wait)
    case .compact: words += ["--json", "--threads", "2"] + wait
    case .import:
      edit = edits.upsert()
      let text = (edit?.lines(nesting: false) ?? []).joined(separator: "\n") + "\n"
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(file).jsonl"))
      words += ["--vectors", "\(file).jsonl"] + wait
      printsJSON = false
    case .build:
      words += ["--threads", "2"] + wait
      printsJSON = false
    case .backup, .export:
      target = file
      words += kind == .backup ? [file] : ["--vectors", "\(file).npy", "--metadata", "\(file).meta"]
      printsJSON = false
    case .verify: printsJSON = false
    case .members, .works: addRegister(&edits, &random, wait)
    }
  }

  private mutating func addRemoval(_ edits: inout HandEdits, _ random: inout Randomness, _ wait: [String]) {
    words += ["--json", "--confirm"] + wait
    if random.oneIn(2) {
      let label = edits.label()
      edit = ModelEdit(action: .removeLabel(label))
      words += ["--filter", Request.filter(label: label)]
    } else {
      let keys = edits.keys()
      edit = ModelEdit(action: .remove(keys))
      words += keys
      words.removeAll { $0 == "--confirm" }
    }
  }

  private mutating func addRegister(_ edits: inout HandEdits, _ random: inout Randomness, _ wait: [String]) {
    let (catalogue, member) = (words[1], edits.member())
    // Every work of the model has one name.
    let name = kind == .members ? [member] : [member, "w"]
    switch Int.random(in: 0..<3, using: &random) {
    case 0: words = [kind.rawValue, "list", catalogue, "--json"]
    case 1:
      words = [kind.rawValue, "remove", catalogue, "--json", "--cascade"] + wait + name
      edit = ModelEdit(action: .removeMember(member))
    default:
      words = ["members", "put", catalogue, "--json", "--name", member] + wait + [member]
      edit = ModelEdit(action: .putMember(member))
    }
  }

  /// Whether it was refused with good reason, and did nothing.
  func isRefused(_ outcome: CommandOutcome) -> Bool {
    if outcome.end == .exit(75) { return true }
    // A member or a work that is not there cannot be removed.
    guard case .removeMember? = edit?.action, kind == .members || kind == .works else { return false }
    return outcome.end == .exit(65) && outcome.errors.contains("there is no")
  }
}

extension ModelEdit {
  /// The items of an upsert as JSON lines.
  ///
  /// - Parameter nesting: Whether the label stands among attributes, as `add` has it, or beside the key, as `import` has it.
  /// - Returns: One a line.
  func lines(nesting: Bool) -> [String] {
    guard case .upsert(let entries, _) = action else { return [] }
    return entries.map { entry in
      let numbers = entry.item.vector.map { "\(Int($0))" }.joined(separator: ",")
      let member = entry.item.member.map { ",\"member\":\"\($0)\",\"work\":\"w\"" } ?? ""
      let label = entry.item.label.map { nesting ? ",\"attributes\":{\"label\":\($0)}" : ",\"label\":\($0)" } ?? ""
      return "{\"key\":\"\(entry.key)\",\"vector\":[\(numbers)]\(member)\(label)}"
    }
  }
}
