/// What a catalogue holds, as a dictionary.
struct CatalogueState: Equatable {
  /// One item.
  struct Item: Equatable {
    var vector: [Float]
    var member: String?
    /// An attribute that filters ask for.
    var label: Int?
  }

  /// The items by key.
  var items: [String: Item] = [:]

  /// Does an edit that is not refused.
  mutating func apply(_ edit: ModelEdit) {
    switch edit.action {
    case .upsert(let entries, _): for entry in entries where entry.isAcceptable { items[entry.key] = entry.item }
    case .remove(let keys): for key in keys { items[key] = nil }
    case .removeMember(let member): items = items.filter { $0.value.member != member }
    case .removeLabel(let label): items = items.filter { $0.value.label != label }
    case .putMember: break
    }
  }
}

/// An edit as it is sent, and as the model understands it.
struct ModelEdit {
  /// What it does.
  enum Action {
    case upsert([Entry], isAtomic: Bool)
    case remove([String])
    case removeMember(String)
    case removeLabel(Int)
    case putMember(String)
  }

  /// An item of an upsert.
  struct Entry {
    var key: String
    var item: CatalogueState.Item
    /// Whether the engine must refuse it; it then has an empty key.
    var isAcceptable: Bool { !key.isEmpty }
  }

  var action: Action
  var operation: String?

  /// Whether the engine has to refuse it.
  var isRefused: Bool {
    guard case .upsert(let entries, isAtomic: true) = action else { return false }
    return entries.contains { !$0.isAcceptable }
  }

  /// The keys that it puts.
  var keysPut: [String] {
    guard case .upsert(let entries, _) = action else { return [] }
    return entries.filter(\.isAcceptable).map(\.key)
  }

  /// Its request.
  var request: Request {
    let name = operation.map { ",\"op_id\":\"\($0)\"" } ?? ""
    switch action {
    case .upsert(let entries, let isAtomic):
      let items = entries.map { entry in
        let member = entry.item.member.map { ",\"member\":\"\($0)\",\"work\":\"w\"" } ?? ""
        let label = entry.item.label.map { ",\"attributes\":{\"label\":\($0)}" } ?? ""
        return "{\"key\":\"\(entry.key)\",\"vector\":\(Request.pack(entry.item.vector))\(member)\(label)}"
      }
      return Request(
        method: "items.upsert", params: "{\"items\":[\(items.joined(separator: ","))],\"atomic\":\(isAtomic)\(name)}")
    case .remove(let keys):
      let list = keys.map { "\"\($0)\"" }.joined(separator: ",")
      return Request(method: "items.remove", params: "{\"keys\":[\(list)]\(name)}")
    case .removeLabel(let label):
      return Request(
        method: "items.remove", params: "{\"filter\":\(Request.filter(label: label)),\"confirm\":true\(name)}")
    case .removeMember(let member):
      return Request(method: "members.remove", params: "{\"member\":\"\(member)\",\"cascade\":true\(name)}")
    case .putMember(let member):
      return Request(method: "members.put", params: "{\"member\":\"\(member)\",\"name\":\"\(member)\"}")
    }
  }
}
