/// The protocol as a document that programs read: OpenRPC 1.3 with JSON Schemas of everything that is sent and answered.
///
/// Written from what stands beside it in this folder, which tests compare with the decoders name by name and bound by bound.
public struct ProtocolDescription: Sendable {
  private let limits: Limits
  private let version: String

  /// Describes the protocol.
  ///
  /// - Parameters:
  ///   - limits: Bounds of parameters.
  ///   - version: Of the engine that speaks it.
  public init(limits: Limits = Limits(), version: String) {
    (self.limits, self.version) = (limits, version)
  }

  /// The document, as one line.
  public var text: String {
    var buffer = ByteBuffer()
    write(to: &buffer)
    return buffer.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
  }

  /// Writes the document as one value.
  public func write(to buffer: inout ByteBuffer) {
    buffer.beginObject()
    member("openrpc", "1.3.2", &buffer)
    buffer.name("info")
    buffer.beginObject()
    member("title", "Kagami", &buffer)
    member("version", version, &buffer)
    member("description", Self.about, &buffer)
    buffer.endObject()
    buffer.name("methods")
    buffer.beginArray()
    for method in Method.allCases { write(method, to: &buffer) }
    buffer.endArray()
    buffer.name("components")
    buffer.beginObject()
    writeSchemas(to: &buffer)
    writeErrors(to: &buffer)
    buffer.endObject()
    buffer.endObject()
  }

  private static let about = """
    Newline-delimited JSON-RPC 2.0 over standard input and output. Parameters go by name; unknown ones are refused, and names that begin \
    with _ are passed over. Results may gain members in later versions. Any method may be answered with any of components.errors, whose \
    data is components.schemas.error_data; callers switch on its kind.
    """

  private func write(_ method: Method, to buffer: inout ByteBuffer) {
    let description = method.description(limits)
    buffer.beginObject()
    member("name", method.rawValue, &buffer)
    member("summary", description.summary, &buffer)
    member("paramStructure", "by-name", &buffer)
    buffer.name("params")
    buffer.beginArray()
    for parameter in description.parameters { write(parameter, to: &buffer) }
    buffer.endArray()
    if let condition = description.condition {
      // OpenRPC lists parameters one by one; what it cannot say of them together stands here, as a schema of all.
      buffer.name("x-params")
      buffer.beginObject()
      buffer.write(condition)
      buffer.endObject()
    }
    buffer.name("result")
    buffer.beginObject()
    member("name", "result", &buffer)
    buffer.name("schema")
    buffer.write(description.result)
    buffer.endObject()
    buffer.endObject()
  }

  private func write(_ parameter: Property, to buffer: inout ByteBuffer) {
    buffer.beginObject()
    member("name", parameter.name, &buffer)
    if parameter.isRequired {
      buffer.name("required")
      buffer.bool(true)
    }
    buffer.name("schema")
    buffer.write(parameter.schema, default: parameter.fallback)
    buffer.endObject()
  }

  private func writeSchemas(to buffer: inout ByteBuffer) {
    buffer.name("schemas")
    buffer.beginObject()
    for (name, schema) in Schema.shared(limits) {
      buffer.name(text: name)
      buffer.write(schema)
    }
    buffer.endObject()
  }

  private func writeErrors(to buffer: inout ByteBuffer) {
    buffer.name("errors")
    buffer.beginObject()
    for kind in WireError.Kind.allCases {
      buffer.name(text: kind.rawValue)
      buffer.beginObject()
      buffer.name("code")
      buffer.number(kind.code)
      member("message", kind.summary, &buffer)
      buffer.endObject()
    }
    buffer.endObject()
  }

  private func member(_ name: StaticString, _ text: String, _ buffer: inout ByteBuffer) {
    buffer.name(name)
    buffer.string(text)
  }
}

extension Method {
  /// What `rpc.discover` tells of it.
  func description(_ limits: Limits) -> MethodDescription {
    switch self {
    case .hello: .hello(limits)
    case .health: .health
    case .stats: .stats
    case .sync: .sync
    case .cancel: .cancel(limits)
    case .shutdown: .shutdown
    case .discover: .discover
    case .search: .search(limits)
    case .match: .match(limits)
    case .itemsGet: .itemsGet(limits)
    case .itemsCount: .itemsCount
    case .itemsUpsert: .itemsUpsert(limits)
    case .itemsRemove: .itemsRemove(limits)
    case .itemsScroll: .itemsScroll(limits)
    case .membersPut: .membersPut(limits)
    case .membersRemove: .membersRemove(limits)
    case .worksPut: .worksPut(limits)
    case .worksRemove: .worksRemove(limits)
    case .membersList: .membersList(limits)
    case .worksList: .worksList(limits)
    case .permissionsPut: .permissionsPut
    case .permissionsRevoke: .permissionsRevoke
    case .permissionsList: .permissionsList(limits)
    case .permissionsCheck: .permissionsCheck
    case .indexBuild: .indexBuild
    case .indexCompact: .indexCompact
    }
  }
}
