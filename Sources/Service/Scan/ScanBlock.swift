import VectorFiles
import WireProtocol

/// Some rows on their way: read, searched for, written; then the block is used again.
///
/// - Concurrency: Belongs to one thread at a time; ``BlockExchange`` hands it over.
final class ScanBlock: @unchecked Sendable {
  /// Counts the blocks of a run, from 0.
  var number = 0
  /// The file that the rows come from.
  var file = ""
  /// Where the next block begins.
  var end = ScanPosition()
  /// The rows.
  var vectors = VectorBlock()
  /// What goes to the output.
  var encoder = AnswerEncoder()
  /// What goes to a second file beside it.
  var side = ByteBuffer()
  /// What is in the block.
  var totals = ScanTotals()
  /// Rows that could not be searched for, in their order.
  var refusals: [ScanError] = []
  /// Why the scan ends here.
  var failure: (any Error)?

  /// Buffers that once held a large answer are let go.
  private static let largestKept = 16 << 20

  /// Forgets what it was used for.
  func reset() {
    if encoder.buffer.capacity > Self.largestKept { encoder = AnswerEncoder() }
    if side.capacity > Self.largestKept { side = ByteBuffer() }
    encoder.removeAll()
    side.removeAll()
    totals = ScanTotals()
    refusals = []
    failure = nil
  }
}
