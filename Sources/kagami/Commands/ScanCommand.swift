import ArgumentParser
import Foundation
import Service

/// `kagami scan`.
struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Search for all vectors of some files and write the hits to another.",
    discussion: """
      Inputs are .npy, .fvecs, .bvecs, .fbin or .jsonl. The ending of the output says how hits are written:
        .jsonl  {"file":…,"row":0,"key":…,"hits":[{"key":…,"score":…,"member":…,"work":…}]}, one a row; the row's own key where it has one
        .csv    file,row,query,rank,key,score,member,work,error: one line a hit
        .npy    scores as float32 [rows, k], NaN where there is no hit; the keys in .keys.jsonl beside it, one JSON array a row

      Without --threshold the k nearest are found (10 unless -k says otherwise). With --threshold alone it is everything with at least that score, and \
      every row is compared; with both, the k nearest of it.

      With --licensee, --use, --territory and --at every hit says whether that use is permitted, by what the register knows at the revision that is \
      searched: "permission":{"status":…,"reason":…,"id":…} in .jsonl; the columns permission, reason and permission_id after work in .csv; .npy has no \
      place for it.

      A scan that was interrupted is simply run again: it goes on where it was, and the output is the same to the byte. It does so only for the same \
      inputs and options and the same revision of the catalogue; --restart begins anew.

      A row that cannot be searched for (a number that is not finite, say) ends the scan with exit code 65. With --skip-bad it gets an error in its \
      place, and the exit code is 65 at the end.

      Example: kagami scan art.kagami --input frames.npy --output hits.jsonl -k 5
      """)

  @Argument(help: ArgumentHelp("The catalogue's directory.", valueName: "catalogue"))
  var catalogue: String

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("The files with the vectors, one or several.", valueName: "file"))
  var input: [String]

  @Option(help: ArgumentHelp("The file that gets the hits: .jsonl, .csv or .npy.", valueName: "file"))
  var output: String

  @Option(
    name: [.customShort("k"), .customLong("k")],
    parsing: .unconditional,
    help: ArgumentHelp("How many hits for each vector. Default: 10, or all with --threshold.", valueName: "n"))
  var k: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Only hits with at least this score.", valueName: "score"))
  var threshold: Float?

  @OptionGroup
  var effort: EffortOptions

  @Option(help: ArgumentHelp("Only items that meet a filter, as JSON.", valueName: "json"))
  var filter: String?

  @OptionGroup(title: "Permissions")
  var use: UseFlags

  @Flag(help: "Hits show kind, title, source, timecode and attributes of their items.")
  var withAttributes = false

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many threads search. Default: one a processor.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Write an error in the place of a row that cannot be searched for, and go on.")
  var skipBad = false

  @Flag(help: "Throw away what an interrupted scan has written.")
  var restart = false

  @Flag(help: "Replace an output that exists.")
  var force = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How often what was done is made lasting. Default: 2.", valueName: "seconds"))
  var checkpoint = 2.0

  @Flag(help: "The summary as one JSON object on standard output.")
  var json = false

  func validate() throws {
    guard (1...10_000).contains(k ?? 1) else { throw ValidationError("-k takes 1 to 10000.") }
    if let threshold, !threshold.isFinite { throw ValidationError("--threshold takes a finite number.") }
    if threshold != nil, k == nil, effort.isGiven {
      throw ValidationError("--threshold alone compares every row; give -k with --beam-width or --target-recall.")
    }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
    guard (0...86_400).contains(checkpoint) else { throw ValidationError("--checkpoint takes 0 to 86400 seconds.") }
  }

  func run() throws {
    var bar: ProgressBar?
    let scan = CatalogueScan(
      request,
      refuse: { refusal in
        bar?.finish()
        Output.note("refused: \(refusal.place)")
      },
      progress: { progress in
        guard Output.hasTerminal else { return }
        if bar == nil { bar = ProgressBar("rows", after: progress.resumed) }
        bar?.update(progress.done, of: progress.total)
      })
    let report = try Failure.reporting {
      defer { bar?.finish() }
      return try scan.run { Output.note("kagami: \($0)") }
    }
    try show(report)
    if report.refused > 0 { throw ExitCode(65) }
  }

  private var request: ScanRequest {
    var request = ScanRequest(catalogue: catalogue, inputs: input, output: output)
    request.k = k ?? (threshold == nil ? 10 : nil)
    (request.scoreThreshold, request.filter, request.withAttributes) = (threshold, filter, withAttributes)
    (request.effort, request.use) = (effort.chosen, use.chosen)
    request.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    (request.skipsBadRows, request.restarts, request.overwrites) = (skipBad, restart, force)
    request.checkpointInterval = .seconds(checkpoint)
    return request
  }

  private func show(_ report: ScanReport) throws {
    let seconds = String(format: "%.3f", report.duration / .seconds(1))
    if json {
      return try Output.verbatim(
        "{\"queries\":\(report.queries),\"hits\":\(report.hits),\"refused\":\(report.refused),"
          + "\"resumed\":\(report.resumed),\"seq\":\(report.sequence),\"seconds\":\(seconds),\"rate\":\(Int(report.rate))}"
      )
    }
    let refused = report.refused > 0 ? "; \(report.refused) rows were refused (listed above)" : ""
    let resumed = report.resumed > 0 ? ", \(report.resumed) of them by earlier runs" : ""
    Output.note(
      "\(report.queries) vectors\(resumed), \(report.hits) hits, at revision \(report.sequence)\(refused): "
        + "\(seconds) s, \(Int(report.rate)) vectors/s.")
    Output.note("Written to \(report.files.joined(separator: " and ")).")
  }
}
