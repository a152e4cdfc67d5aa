/// How much a client may have in flight at once.
///
/// The engine promises to read 64 requests or 64 MiB without waiting for its answers to be read; the defaults stay below that.
public struct CallWindow: Sendable, Hashable {
  /// The most requests without an answer, at least 1.
  public var requests: Int
  /// The most bytes of requests without an answer; a longer line goes alone.
  public var bytes: Int

  /// A window of so many requests and bytes.
  public init(requests: Int = 48, bytes: Int = 48 << 20) {
    self.requests = max(1, requests)
    self.bytes = max(0, bytes)
  }

  /// Whether a line may join those in flight; the first one always may.
  func hasRoom(for lineBytes: Int, besides requestsInFlight: Int, bytes bytesInFlight: Int) -> Bool {
    requestsInFlight == 0 || (requestsInFlight < requests && lineBytes <= bytes - bytesInFlight)
  }
}
