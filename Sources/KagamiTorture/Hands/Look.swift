/// What somebody was answered, to be compared once it is known what the catalogue held at that revision.
struct Look {
  /// What was asked for.
  enum Question {
    case search(Target, k: Int, isExact: Bool)
    /// All pages together.
    case match(Target, threshold: Float, isComplete: Bool)
    /// Works: the `k` nearest, or with a threshold all of them.
    case groups(Target, k: Int, threshold: Float?)
    case items([String])
    case scroll
    case count(label: Int?)
    /// Members and how many items each has.
    case members
  }

  /// What is searched for.
  enum Target {
    case vector([Float])
    case key(String)
  }

  var question: Question
  var sequence: Int
  var hits: [Answer.Hit] = []
  var groups: [Answer.Group] = []
  var items: [Answer.Item] = []
  var number = 0
  var members: [Answer.Member] = []

  /// What is wrong with it; nil where nothing is.
  ///
  /// - Parameters:
  ///   - state: What the catalogue held.
  ///   - metric: How closeness is measured.
  /// - Returns: What is wrong.
  func finding(_ state: CatalogueState, _ metric: Metric) -> Finding? {
    func found(_ check: Finding.Check, _ text: String?) -> Finding? {
      text.map { Finding(check: check, text: "\(question.name) at revision \(sequence): \($0)") }
    }
    switch question {
    case .search(let target, let k, let isExact):
      guard let (vector, rest) = state.reach(target) else { return found(.hits, "answered, although it is not there") }
      return found(.cosine, cosineFault(vector, rest, metric))
        ?? found(.hits, rest.fault(of: hits, for: vector, k: k, metric: metric, isExact: isExact))
    case .match(let target, let threshold, let isComplete):
      guard let (vector, rest) = state.reach(target) else {
        return found(.matches, "answered, although it is not there")
      }
      return found(.cosine, cosineFault(vector, rest, metric))
        ?? found(.matches, rest.matchFault(hits, vector, threshold, metric, isComplete: isComplete))
    case .groups(let target, let k, let threshold):
      guard let (vector, rest) = state.reach(target) else {
        return found(.groups, "answered, although it is not there")
      }
      return found(.groups, rest.groupFault(groups, vector, k: k, threshold, metric))
    case .items(let keys):
      let wanted = keys.filter { state.items[$0] != nil }
      return found(.items, wanted == items.map(\.key) ? itemFault(state) : "shows \(items.map(\.key)), not \(wanted)")
    case .scroll:
      let keys = items.map(\.key)
      guard Set(keys).count == keys.count else { return found(.scroll, "shows an item twice") }
      guard Set(keys) == Set(state.items.keys) else {
        let odd = Set(keys).symmetricDifference(state.items.keys).sorted()
        return found(.scroll, "\(keys.count) items of \(state.items.count); missing or too many: \(odd.prefix(3))")
      }
      return found(.items, itemFault(state))
    case .count(let label):
      let count = state.items.values.count { label == nil || $0.label == label }
      return found(.count, count == number ? nil : "\(number), not \(count)")
    case .members:
      let wrong = members.first { entry in state.items.values.count { $0.member == entry.member } != entry.items }
      return found(.count, wrong.map { "\($0.member) has \($0.items) items" })
    }
  }

  private func itemFault(_ state: CatalogueState) -> String? {
    let wrong = items.first { state.items[$0.key] != $0.model }
    return wrong.map { item in
      let owner = state.items.first { $0.value.vector == item.model.vector }?.key
      return "\(item.key) is shown with \(owner.map { "the vector of \($0)" } ?? "what nobody sent")"
    }
  }

  /// Under cosine nothing is beyond 1, and equal vectors are at 1.
  private func cosineFault(_ vector: [Float], _ state: CatalogueState, _ metric: Metric) -> String? {
    guard metric == .cosine else { return nil }
    for hit in hits {
      if abs(hit.score) > 1 { return "\(hit.key) has the cosine \(hit.score)" }
      if hit.score != 1, state.items[hit.key]?.vector == vector { return "\(hit.key) is equal and has \(hit.score)" }
    }
    return nil
  }
}

extension Look.Question {
  /// What it is called in a sentence.
  var name: String {
    switch self {
    case .search(let target, let k, let isExact): "search \(target.name), k \(k)\(isExact ? ", exact" : "")"
    case .match(let target, let threshold, let isComplete):
      "match \(target.name) from \(threshold) on\(isComplete ? ", complete" : "")"
    case .groups(let target, let k, let threshold):
      "works \(target.name), \(threshold.map { "from \($0) on" } ?? "k \(k)")"
    case .items(let keys): "items.get of \(keys.count) keys"
    case .scroll: "all items"
    case .count(let label): "items.count\(label.map { " of label \($0)" } ?? "")"
    case .members: "members"
    }
  }
}

extension Look.Target {
  fileprivate var name: String {
    switch self {
    case .vector: "by vector"
    case .key(let key): "by \(key)"
    }
  }
}

extension CatalogueState {
  /// The vector that a target stands for, and the items that may be answered; nil where there is none.
  func reach(_ target: Look.Target) -> ([Float], CatalogueState)? {
    switch target {
    case .vector(let vector): return (vector, self)
    case .key(let key):
      guard let item = items[key] else { return nil }
      var rest = self
      rest.items[key] = nil
      return (item.vector, rest)
    }
  }

  /// What is wrong with matches; nil where nothing is.
  func matchFault(
    _ hits: [Answer.Hit], _ vector: [Float], _ threshold: Float, _ metric: Metric, isComplete: Bool
  ) -> String? {
    let margin = metric.tolerance * max(1, abs(threshold))
    var before: Answer.Hit?
    for hit in hits {
      guard let item = items[hit.key] else { return "\(hit.key) is not there" }
      let score = metric.score(vector, item.vector)
      guard abs(score - hit.score) <= metric.tolerance * max(1, abs(score)), hit.score >= threshold else {
        return "\(hit.key) matches with \(hit.score), not \(score), from \(threshold) on"
      }
      if let before, before.score < hit.score || before.score == hit.score && before.key >= hit.key {
        return "\(hit.key) stands behind \(before.key)"
      }
      before = hit
    }
    guard isComplete else { return nil }
    let found = Set(hits.map(\.key))
    let missing = items.first { $0.value.score(metric, vector) > threshold + margin && !found.contains($0.key) }
    return missing.map { "complete, and \($0.key) is missing" }
  }

  /// What is wrong with works; nil where nothing is.
  func groupFault(
    _ groups: [Answer.Group], _ vector: [Float], k: Int, _ threshold: Float?, _ metric: Metric
  ) -> String? {
    // Items near the threshold may be on either side of it.
    let margin = threshold.map { metric.tolerance * max(1, abs($0)) } ?? 0
    let qualifying = items.filter { item in threshold.map { item.value.score(metric, vector) >= $0 - margin } ?? true }
    let byName = Dictionary(grouping: qualifying) { $0.value.member.map { "work of \($0)" } ?? $0.key }
    var last = Float.infinity
    var seen = Set<String>()
    for group in groups {
      let name = group.member.map { "work of \($0)" } ?? group.hits.first?.key ?? ""
      guard seen.insert(name).inserted else { return "\(name) comes twice" }
      guard let members = byName[name] else { return "\(name) is not there" }
      let scores = members.map { $0.value.score(metric, vector) }.sorted(by: >)
      let sure = threshold.map { least in scores.count { $0 > least + margin } } ?? scores.count
      guard (sure...scores.count).contains(group.count) else {
        return "\(name) has \(group.count) items, not \(scores.count)"
      }
      guard let best = scores.first, abs(best - group.score) <= metric.tolerance * max(1, abs(best)) else {
        return "\(name) scores \(group.score), not \(scores.first ?? 0)"
      }
      guard group.score <= last, group.hits.count <= group.count else { return "\(name) is out of order" }
      last = group.score
    }
    let wanted = threshold == nil ? min(k, byName.count) : byName.count
    let sure = byName.values.count { group in
      group.contains { item in threshold.map { item.value.score(metric, vector) > $0 + margin } ?? true }
    }
    return (min(sure, wanted)...wanted).contains(groups.count) ? nil : "\(groups.count) works, not \(wanted)"
  }
}

extension CatalogueState.Item {
  func score(_ metric: Metric, _ query: [Float]) -> Float { metric.score(query, vector) }
}
