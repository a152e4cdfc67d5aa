import Catalogue
import WireProtocol

extension Verifier {
  /// What a check found.
  public struct Report: Sendable {
    /// What is wrong, in the order in which it was found; empty for a sound catalogue.
    public internal(set) var findings: [Finding] = []
    /// How many of the findings are about snapshots of the index alone, which can be made anew.
    public internal(set) var snapshotFindings = 0
    /// How many rows were read and compared.
    public internal(set) var rowsChecked = 0
    /// How many snapshots of the index match their checksums.
    public internal(set) var snapshotsChecked = 0
    /// How many rows the graph has whose edges were followed; nil where none was looked at.
    public internal(set) var graphRowsChecked: Int?
    /// The share of the true ten neighbours of stored rows that the graph finds; nil where it was not measured.
    public internal(set) var recall: Double?
    /// The revision that was checked.
    public internal(set) var sequence: Int64 = 0
    /// Which snapshots there were before the record was read.
    let listing: SnapshotDirectory.Listing

    init(listing: SnapshotDirectory.Listing) { self.listing = listing }

    /// Whether nothing was found.
    public var isSound: Bool { findings.isEmpty }
  }
}

extension Verifier.Report {
  /// Notes something wrong with a snapshot, unless it is known.
  mutating func addSnapshot(_ finding: Finding) {
    guard !findings.contains(finding) else { return }
    findings.append(finding)
    snapshotFindings += 1
  }

  /// The sentence about a sound catalogue.
  public func summary(of catalogue: String) -> String {
    let snapshots =
      snapshotsChecked == 0 ? "" : " and \(snapshotsChecked) snapshot\(snapshotsChecked == 1 ? "" : "s")"
    let graph = graphRowsChecked.map { " The graph of \($0) rows is sound" } ?? ""
    let share = recall.map { " and finds \(($0 * 1000).rounded() / 10) % of the true ten neighbours" } ?? ""
    return "\(catalogue): sound at revision \(sequence); \(rowsChecked) rows\(snapshots) match their checksums."
      + (graph.isEmpty ? "" : graph + share + ".")
  }

  /// One JSON object.
  public func json(of catalogue: String) -> String {
    var out = ByteBuffer()
    out.beginObject()
    out.member("catalogue", catalogue)
    out.name("sound")
    out.bool(findings.isEmpty)
    out.member("seq", Int(sequence))
    out.member("rows", rowsChecked)
    out.member("snapshots", snapshotsChecked)
    if let graphRowsChecked { out.member("graph_rows", graphRowsChecked) }
    if let recall {
      out.name("recall_at_10")
      out.number(recall)
    }
    out.name("findings")
    out.beginArray()
    for finding in findings {
      out.beginObject()
      out.member("file", finding.file)
      out.member("problem", finding.description)
      out.endObject()
    }
    out.endArray()
    out.endObject()
    return String(decoding: out.bytes, as: UTF8.self)
  }
}
