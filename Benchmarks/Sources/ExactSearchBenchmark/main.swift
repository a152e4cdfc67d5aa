import BenchmarkSupport
import Foundation
import VectorIndex
import VectorKernels

// Exact search against what the machine can do at all: the rate of plain products of the same BLAS, and the time of reading the same bytes.
// `swift run -c release ExactSearchBenchmark [--json FILE]`

BLASLibrary.setThreadCount(1)
var report = Report(
  "exact-search",
  conditions: "BLAS: \(BLASLibrary.summary); kernels: \(DistanceKernels.active.instructionSet.rawValue)")
let directory = FileManager.default.temporaryDirectory.appending(path: "kagami-bench-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: directory) }

let (rowCount, dimension) = (100_000, 512)
let snapshot = try RandomIndex.make(rows: rowCount, dimension: dimension, in: directory.path)
let everything = RowSelection(first: rowCount)
let oneThread = FlatSearcher(snapshot, workers: WorkerPool(width: 1))

// Many queries: floating-point operations of the products, top-k included, against a plain product.
let cube = PlainProduct(side: 1024)
for queryCount in [4096, 1000, 100] {
  let queries = try RandomIndex.queries(queryCount, dimension: dimension)
  let (ours, plain) = Timing.ofPair(
    runs: 5, { _ = oneThread.nearest(queries, k: 10, in: everything) }, { for _ in 0..<20 { cube.multiply() } })
  let rate = 2 * Double(queryCount) * Double(rowCount) * Double(dimension) / ours.median
  let plainRate = 20 * 2 * pow(1024, 3) / plain.median
  report.add(
    "exact, \(queryCount) queries: share of plain sgemm (\(Int(plainRate / 1e9)) GFLOP/s)", rate / plainRate, "",
    goal: queryCount == 4096 ? "≥ 0.75" : nil)
  report.add("exact, \(queryCount) queries: queries a second, one thread", Double(queryCount) / ours.median, "/s")
}

// One query: against a bare sum over the same bytes.
let one = try RandomIndex.queries(1, dimension: dimension)
let files = try MappedRows(directory: directory.path, snapshot: snapshot)
let (scan, sum) = Timing.ofPair(runs: 31, { _ = oneThread.nearest(one, k: 10, in: everything) }, { files.sum() })
report.add("exact, one query: time over a bare sum of the rows", scan.median / sum.median, "", goal: "≤ 1.25")
report.add("exact, one query: milliseconds", scan.median * 1000, "ms")
report.add("bare sum: GB/s", Double(rowCount * dimension * 2) / sum.median / 1e9, "GB/s")
let twoThreads = FlatSearcher(snapshot, workers: WorkerPool(width: 2))
let (single, double) = Timing.ofPair(
  runs: 31, { _ = oneThread.nearest(one, k: 10, in: everything) },
  { _ = twoThreads.nearest(one, k: 10, in: everything) })
report.add("exact, one query: two threads over one", single.median / double.median, "times")
try report.finish()
