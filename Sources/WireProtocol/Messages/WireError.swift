/// Why a request was not answered with a result: the closed set that callers switch on.
public struct WireError: Error, Hashable, Sendable {
  /// What kind of failure it is.
  public enum Kind: String, CaseIterable, Sendable {
    /// The line is not JSON, or not JSON that everybody understands alike.
    case parseError = "parse_error"
    /// The line is JSON but no request.
    case invalidRequest = "invalid_request"
    /// There is no such method.
    case methodNotFound = "method_not_found"
    /// A parameter is not what it should be.
    case invalidParams = "invalid_params"
    /// The engine is at fault.
    case internalError = "internal_error"
    /// The caller did not want the answer any more.
    case cancelled
    /// More is under way than the engine takes.
    case overloaded
    /// The deadline passed first.
    case deadlineExceeded = "deadline_exceeded"
    /// The engine is still starting.
    case notReady = "not_ready"
    /// What the request names does not exist.
    case notFound = "not_found"
    /// Something else of that name exists or is in progress.
    case conflict
    /// The catalogue is open for reading only.
    case readOnly = "read_only"
    /// There is no space left.
    case storageFull = "storage_full"
    /// Reading or writing a file failed.
    case storageIO = "storage_io"
    /// A file is damaged.
    case storageCorrupt = "storage_corrupt"
    /// Memory, threads or descriptors ran out.
    case resourceExhausted = "resource_exhausted"
    /// The request is beyond a limit.
    case tooLarge = "too_large"
    /// The caller or a file is of another version.
    case unsupportedVersion = "unsupported_version"
    /// What the request goes on from is gone.
    case stale
    /// The engine takes no more requests.
    case shuttingDown = "shutting_down"

    /// The number of JSON-RPC.
    public var code: Int {
      switch self {
      case .parseError: -32700
      case .invalidRequest: -32600
      case .methodNotFound: -32601
      case .invalidParams: -32602
      case .internalError: -32603
      case .cancelled: -32800
      case .overloaded: 1001
      case .deadlineExceeded: 1002
      case .notReady: 1003
      case .notFound: 1004
      case .conflict: 1005
      case .readOnly: 1006
      case .storageFull: 1007
      case .storageIO: 1008
      case .storageCorrupt: 1009
      case .resourceExhausted: 1010
      case .tooLarge: 1011
      case .unsupportedVersion: 1012
      case .stale: 1013
      case .shuttingDown: 1014
      }
    }

    /// Whether the same request may succeed later.
    public var isRetryable: Bool {
      switch self {
      case .overloaded, .deadlineExceeded, .notReady, .storageFull, .resourceExhausted, .stale: true
      default: false
      }
    }
  }

  /// What kind of failure it is.
  public var kind: Kind
  /// What happened and what to do, for people.
  public var message: String
  /// The place in the request, as a JSON pointer (RFC 6901).
  public var pointer: String?
  /// The byte of the line at which it stopped being understood, from 0.
  public var offset: Int?
  /// The limit that was passed.
  public var limit: Int?
  /// What was there instead of what was expected, shortened to 128 bytes.
  public var got: String?
  /// The id of a request that could not be answered under it, because another one of that id is in progress.
  public var id: RequestID?
  /// Milliseconds after which the same request has a better chance.
  public var retryAfter: Int?

  /// A failure.
  public init(
    _ kind: Kind, _ message: String, pointer: String? = nil, offset: Int? = nil, limit: Int? = nil, got: String? = nil,
    id: RequestID? = nil, retryAfter: Int? = nil
  ) {
    self.kind = kind
    self.message = message
    self.pointer = pointer
    self.offset = offset
    self.limit = limit
    self.got = got.map(Self.excerpt)
    self.id = id
    self.retryAfter = retryAfter
  }

  /// A line that is not JSON.
  static func parse(_ message: String, at offset: Int) -> WireError {
    WireError(.parseError, message, offset: offset)
  }

  /// The error of a parameter, which its pointer names.
  var withoutOffset: WireError {
    guard kind != .parseError else { return self }
    var error = self
    error.offset = nil
    return error
  }

  /// A parameter that is not what it should be.
  public static func invalid(_ pointer: String, _ message: String, got: String? = nil) -> WireError {
    WireError(.invalidParams, message, pointer: pointer, got: got)
  }
}
