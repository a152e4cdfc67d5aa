import WireProtocol

/// What is said about requests: their names and times, never what they carry.
extension Log {
  /// A request that took long.
  func slow(_ request: Request, _ duration: Duration, plan: String?) {
    write(.warning, "slow_request", fields(of: request, duration, plan))
  }

  /// Any request, for those who want to see all.
  func answered(_ request: Request, _ duration: Duration, plan: String?) {
    guard level == .debug else { return }
    write(.debug, "request", fields(of: request, duration, plan))
  }

  /// The engine's own fault.
  func fault(_ error: WireError, in request: Request) {
    write(
      .error, "internal_error",
      [("method", .text(request.body.method.rawValue)), id(of: request), ("message", .text(error.message))])
  }

  private func fields(of request: Request, _ duration: Duration, _ plan: String?) -> [Field] {
    let milliseconds = (duration / .microseconds(1)).rounded() / 1000
    let fields: [Field] = [
      ("method", .text(request.body.method.rawValue)), id(of: request), ("duration_ms", .number(milliseconds)),
    ]
    return fields + (plan.map { [("plan", .text($0))] } ?? [])
  }

  private func id(of request: Request) -> Field {
    switch request.id {
    case .integer(let integer): ("id", .integer(Int(integer)))
    case .string(let text): ("id", .text(text))
    }
  }
}
