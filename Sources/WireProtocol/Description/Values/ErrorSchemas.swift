extension Schema {
  static let errorData = open([
    .needed("kind", constants(WireError.Kind.allCases.map(\.rawValue)), "what callers switch on"),
    .maybe("pointer", text, "the place in the request, as a JSON pointer"),
    .maybe("offset", count, "the byte of the line"),
    .maybe("limit", integer, "what was passed"),
    .maybe("got", text, "what was there, shortened"),
    .maybe("id", requestID, "of a request whose id is taken"),
    .maybe("retry_after_ms", count, "how long to wait before the next try"),
    .needed("retryable", bool, "whether the same request may succeed later"),
  ])
}

extension WireError.Kind {
  /// When it is answered, in a few words.
  var summary: String {
    switch self {
    case .parseError: "the line is not JSON"
    case .invalidRequest: "JSON, but no request"
    case .methodNotFound: "there is no such method"
    case .invalidParams: "a parameter is missing, unknown or not what it should be"
    case .internalError: "the engine is at fault"
    case .cancelled: "the caller did not want the answer any more"
    case .overloaded: "more is under way than the engine takes"
    case .deadlineExceeded: "the deadline passed first"
    case .notReady: "the catalogue is busy or still opening"
    case .notFound: "what the request names does not exist"
    case .conflict: "something of that name exists, or is in use"
    case .readOnly: "edits are refused"
    case .storageFull: "no space left"
    case .storageIO: "reading or writing a file failed"
    case .storageCorrupt: "a file is damaged"
    case .resourceExhausted: "memory, threads or descriptors ran out"
    case .tooLarge: "beyond a limit"
    case .unsupportedVersion: "a file was written by a newer version"
    case .stale: "the revision is gone, or not there yet"
    case .shuttingDown: "the engine was told to stop"
    }
  }
}
