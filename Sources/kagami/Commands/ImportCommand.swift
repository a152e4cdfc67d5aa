import ArgumentParser
import Service

/// `kagami import`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring vectors and what is known about them into a catalogue.",
    discussion: """
      Vectors come from .npy (f2 or f4), .fvecs, .bvecs, .fbin or .jsonl. The metadata file has one JSON object a line, in the order of \
      the vectors: `key` (the item's name), `member` (whose it is), `work`, and optionally `title`, `kind`, `source`, `timecode`; every \
      other field, and every member of an object `attributes`, becomes an attribute that searches can filter by. Without metadata the keys \
      are the row numbers, behind --key-prefix.

      The catalogue is made where there is none, also in an empty directory. An item whose key exists is replaced; where the key is only \
      a row's number, that needs --replace. Rows that cannot be used are listed and the others \
      stay imported (exit code 65). An import that was interrupted is simply run again.

      Example: kagami import art.kagami --vectors items.npy --metadata items.jsonl --label year=years.npy
      """)

  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Option(help: ArgumentHelp("The file with the vectors.", valueName: "file"))
  var vectors: String

  @Option(help: ArgumentHelp("JSON lines that say whose the vectors are, one a vector.", valueName: "file.jsonl"))
  var metadata: String?

  @Option(
    help: ArgumentHelp(
      "Adds an integer attribute a row, from a one-dimensional .npy file. May be repeated.", valueName: "name=file.npy")
  )
  var label: [LabelArgument] = []

  @Option(
    help: ArgumentHelp(
      "Put before the row number where a row has no key of its own, to keep several files apart.", valueName: "text"))
  var keyPrefix = ""

  @Flag(help: "Rows without a key of their own may take the place of items with the same numbers.")
  var replace = false

  @Flag(help: "Import all rows or none.")
  var atomic = false

  @Option(parsing: .unconditional, help: ArgumentHelp("Rows a transaction.", valueName: "n"))
  var batchRows = 8192

  @OptionGroup var space: SpaceOptions
  @OptionGroup var lock: LockOptions

  func validate() throws {
    guard (1...1_000_000).contains(batchRows) else { throw ValidationError("--batch-rows takes 1 to 1000000.") }
  }

  func run() throws {
    var request = ImportRequest(catalogue: catalogue, vectors: vectors)
    request.metadata = metadata
    request.labels = label.map { ImportRequest.Label(name: $0.name, file: $0.file) }
    (request.keyPrefix, request.replacesNumbered) = (keyPrefix, replace)
    (request.metric, request.storage, request.model) = (space.metric, space.storage, space.model)
    (request.isAtomic, request.batchRows, request.lockPatience) = (atomic, batchRows, lock.patience)
    let bar = ProgressBar("rows")
    let importer = Importer(
      request, refuse: { refusal in Output.note("refused: \(refusal)") },
      progress: { report in bar.update(report.read, of: report.total) })
    let report = try Failure.reporting {
      defer { bar.finish() }
      return try importer.run()
    }
    for sentence in report.summary(of: catalogue) { try Output.line(sentence) }
    if report.refused > 0 { throw ExitCode(65) }
  }
}

/// `NAME=FILE.npy`.
struct LabelArgument: ExpressibleByArgument {
  let name: String
  let file: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
    name = String(argument[..<equals])
    file = String(argument[argument.index(after: equals)...])
    guard !file.isEmpty else { return nil }
  }
}

extension ImportReport {
  /// What was done, for a person.
  fileprivate func summary(of catalogue: String) -> [String] {
    var parts = ["\(imported) rows imported into \(catalogue)" + (createdCatalogue ? ", which is new" : "")]
    if replaced > 0 { parts.append("\(replaced) of them replaced items with the same keys") }
    if unchanged > 0 { parts.append("\(unchanged) were there already") }
    if superseded > 0 { parts.append("\(superseded) had a key that a later row has too (the last one counts)") }
    if refused > 0 { parts.append("\(refused) were refused (listed above)") }
    return [parts.joined(separator: "; ") + ".", "The catalogue is at revision \(sequence)."]
  }
}
