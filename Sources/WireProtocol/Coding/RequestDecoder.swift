/// Turns lines into requests.
///
/// One pass where `method` stands before `params`, the usual order. A line that is not JSON is always a `parse_error`, even
/// where something else was wrong before the place at which it breaks; and a refused request is refused under its own id
/// wherever the line has one.
///
/// - Allocates: Nothing in steady state for searches with vectors and without filters.
/// - Concurrency: Belongs to one thread at a time.
public struct RequestDecoder {
  /// What a line was.
  public enum Outcome: Sendable {
    /// A request that can be handed on.
    case request(Request)
    /// Something that is answered with an error, under the id of the line where it has one.
    case failure(id: RequestID?, WireError)
  }

  private let reader: EnvelopeReader
  private var scanner: JSONScanner

  /// A decoder that keeps to some limits.
  public init(limits: Limits = Limits()) {
    reader = EnvelopeReader(limits: limits)
    scanner = JSONScanner(maximumDepth: limits.depth)
  }

  /// Decodes one line.
  ///
  /// - Parameters:
  ///   - line: Without its end; borrowed for the call.
  ///   - vectors: Gets the vectors of the request, if it has some; what it held before is gone.
  /// - Returns: What it was.
  /// - Complexity: O(bytes).
  public mutating func decode(_ line: Span<UInt8>, into vectors: VectorBuffer) -> Outcome {
    vectors.reset()
    let reader = reader
    return scanner.read(line) { scanner in
      do throws(WireError) {
        return .request(try reader.request(&scanner, vectors))
      } catch {
        return error.kind == .parseError ? .failure(id: nil, error) : reader.refusal(error, &scanner)
      }
    }
  }
}
