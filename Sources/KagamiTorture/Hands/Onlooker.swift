/// Asks one engine one thing after the other, in every way there is, and notes what it was answered.
struct Onlooker {
  let session: EngineSession
  private(set) var looks: [Look] = []
  private(set) var findings: [Finding] = []
  private var random: Randomness
  private let dimension: Int
  /// The last revision that the stream told.
  private var told = 0
  /// How often it had to be asked again, because the catalogue was busy.
  private(set) var busy = 0
  private(set) var asked = 0

  /// Keys that are only ever replaced.
  static let steady = (0..<6).map { "steady-\($0)" }

  init(_ session: EngineSession, _ random: Randomness, dimension: Int) {
    (self.session, self.random, self.dimension) = (session, random, dimension)
  }

  /// Asks something.
  ///
  /// - Parameter least: A revision that was acknowledged; it is asked for with `min_seq` now and then.
  mutating func look(least: Int) {
    let minimum = random.oneIn(2) ? least : nil
    switch Int.random(in: 0..<12, using: &random) {
    case 0..<3: search(.key(steadyKey()), minimum)
    case 3: search(.vector(random.vector(dimension)), minimum)
    case 4, 5: match(.key(steadyKey()), minimum)
    case 6: match(.vector(random.vector(dimension)), minimum)
    case 7: groups(random.oneIn(2) ? .key(steadyKey()) : .vector(random.vector(dimension)), minimum)
    case 8: get(Self.steady + ["h1", "h2", "h3"], minimum)
    case 9: scroll(limit: Int.random(in: 3...40, using: &random))
    case 10: count(label: Int.random(in: 0..<8, using: &random))
    default: count(label: nil)
    }
  }

  private mutating func steadyKey() -> String { Self.steady.randomElement(using: &random) ?? "" }

  /// Counts by every label: what a filter is compiled to is then kept.
  mutating func warm() {
    for label in 0..<8 { count(label: label) }
    search(.key(steadyKey()), nil)
  }

  // MARK: Questions

  mutating func search(_ target: Look.Target, _ minimum: Int?) {
    let (k, isExact) = (Int.random(in: 1...20, using: &random), random.oneIn(2))
    guard let result = ask("search", "\(target.json),\"k\":\(k),\"exact\":\(isExact)", minimum, target) else { return }
    note(
      Look(
        question: .search(target, k: k, isExact: isExact || result.exact == true), sequence: result.seq ?? 0,
        hits: result.results?.first?.hits ?? []))
  }

  /// Asks page after page until the answer is complete.
  mutating func match(_ target: Look.Target, _ minimum: Int?, limit: Int? = nil, threshold: Float? = nil) {
    let limit = limit ?? Int.random(in: 1...12, using: &random)
    // Between whole numbers, which the scores of one metric are.
    let threshold: Float =
      threshold ?? [-900.5, -60.5, -20.5, -0.75, -0.25, 0.25, 0.5, 20.5].randomElement(using: &random) ?? 0.5
    var (hits, cursor, sequence, isComplete) = ([Answer.Hit](), "", 0, false)
    repeat {
      let words = "\(target.json),\"score_threshold\":\(threshold),\"limit\":\(limit)\(cursor)"
      guard let result = ask("match", words, cursor.isEmpty ? minimum : nil, target) else { return }
      if !cursor.isEmpty, result.seq != sequence {
        findings.append(
          Finding(check: .matches, text: "a page of revision \(result.seq ?? 0) after one of \(sequence)"))
      }
      sequence = result.seq ?? 0
      let page = result.results?.first?.hits ?? []
      hits += page
      isComplete = result.complete == true
      if page.count > limit {
        findings.append(Finding(check: .matches, text: "\(page.count) matches in a page of \(limit)"))
      }
      guard isComplete || result.cursor != nil else {
        findings.append(Finding(check: .matches, text: "neither complete nor a cursor"))
        break
      }
      cursor = result.cursor.map { ",\"cursor\":\"\($0)\"" } ?? ""
    } while !isComplete && hits.count < 10_000
    note(
      Look(
        question: .match(target, threshold: threshold, isComplete: isComplete), sequence: sequence, hits: hits))
  }

  mutating func groups(_ target: Look.Target, _ minimum: Int?) {
    let k = Int.random(in: 1...30, using: &random)
    let threshold: Float? = random.oneIn(2) ? -20.5 : nil
    let rest =
      threshold.map { (least: Float) -> String in "\"score_threshold\":\(least),\"limit\":10000" }
      ?? "\"k\":\(k),\"exact\":true"
    let words = "\(target.json),\"group_by\":\"work\",\"group_size\":2,\(rest)"
    guard let result = ask(threshold == nil ? "search" : "match", words, minimum, target) else { return }
    guard threshold == nil || result.complete == true else { return }
    note(
      Look(
        question: .groups(target, k: k, threshold: threshold), sequence: result.seq ?? 0,
        groups: result.results?.first?.groups ?? []))
  }

  mutating func get(_ keys: [String], _ minimum: Int?) {
    let list = keys.map { "\"\($0)\"" }.joined(separator: ",")
    guard let result = ask("items.get", "\"keys\":[\(list)],\"with_vectors\":\"f32le\"", minimum, nil) else { return }
    note(Look(question: .items(keys), sequence: result.seq ?? 0, items: result.items ?? []))
  }

  mutating func scroll(limit: Int) {
    var (items, cursor, sequence) = ([Answer.Item](), "", -1)
    repeat {
      guard let result = ask("items.scroll", "\"limit\":\(limit),\"with_vectors\":\"f32le\"\(cursor)", nil, nil) else {
        return
      }
      if sequence >= 0, result.seq != sequence {
        findings.append(Finding(check: .scroll, text: "a page of revision \(result.seq ?? 0) after one of \(sequence)"))
      }
      sequence = result.seq ?? 0
      items += result.items ?? []
      cursor = result.cursor.map { ",\"cursor\":\"\($0)\"" } ?? ""
    } while !cursor.isEmpty && items.count < 10_000
    note(Look(question: .scroll, sequence: sequence, items: items))
  }

  mutating func count(label: Int?) {
    let filter = label.map { "\"filter\":\(Request.filter(label: $0))" } ?? ""
    guard let result = ask("items.count", filter, nil, nil) else { return }
    note(Look(question: .count(label: label), sequence: result.seq ?? 0, number: result.count ?? -1))
  }

  // MARK: Answers

  private mutating func note(_ look: Look) { looks.append(look) }

  /// Asks, and once more where the catalogue is busy.
  ///
  /// - Returns: Nil where there is nothing to compare: the cursor's revision is gone, or something is wrong and noted.
  private mutating func ask(
    _ method: String, _ words: String, _ minimum: Int?, _ target: Look.Target?
  ) -> Answer.Result? {
    // Items have no `min_seq` but by searching.
    let least = method == "search" || method == "match" ? minimum : nil
    let params = [words, least.map { "\"min_seq\":\($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: ",")
    for _ in 0..<200 {
      asked += 1
      guard let answer = session.ask(Request(method: method, params: "{\(params)}")) else {
        findings.append(
          Finding(check: .process, text: "\(method) is not answered: \(session.child.errorText.suffix(200))"))
        return nil
      }
      if let result = answer.result {
        follow(result, method, least)
        return result
      }
      guard let error = answer.error else { return nil }
      if error.isPassing {
        busy += 1
        session.pump(for: .milliseconds(20))
        continue
      }
      judge(error, method, params, least, target)
      return nil
    }
    return nil
  }

  private mutating func follow(_ result: Answer.Result, _ method: String, _ minimum: Int?) {
    let sequence = result.seq ?? 0
    if sequence < told {
      findings.append(
        Finding(check: .sequence, text: "\(method) shows revision \(sequence) after \(told) on one stream"))
    }
    if let minimum, sequence < minimum {
      findings.append(Finding(check: .sequence, text: "\(method) shows revision \(sequence), not \(minimum)"))
    }
    told = max(told, sequence)
  }

  private mutating func judge(
    _ error: Answer.Failure, _ method: String, _ params: String, _ minimum: Int?, _ target: Look.Target?
  ) {
    switch (error.data.kind, target) {
    case ("stale", _) where params.contains("\"cursor\""): break
    case ("stale", _) where minimum != nil:
      findings.append(
        Finding(check: .sequence, text: "\(method) with min_seq \(minimum ?? 0), which was acknowledged, is stale"))
    case ("not_found", .key(let key)):
      findings.append(
        Finding(check: .steadyKey, text: "\(method) by \(key), which is only ever replaced, is not_found"))
    default:
      findings.append(Finding(check: .process, text: "\(method) is refused: \(error.data.kind), \(error.message)"))
    }
  }

  /// Notes a revision that an edit on the same stream was answered with: reads after it show it.
  mutating func follow(_ sequence: Int) { told = max(told, sequence) }

  /// Hands over what was noted.
  mutating func take() -> (looks: [Look], findings: [Finding]) {
    defer { (looks, findings) = ([], []) }
    return (looks, findings)
  }
}

extension Answer.Failure {
  /// Whether the same question may be asked again at once, for nothing is wrong but that somebody compacts.
  fileprivate var isPassing: Bool {
    data.kind == "not_ready" || data.kind == "stale" && data.retryable && message.contains("compacted while")
  }
}

extension Look.Target {
  /// The member of a request.
  var json: String {
    switch self {
    case .vector(let vector): "\"vector\":\(Request.pack(vector))"
    case .key(let key): "\"key\":\"\(key)\""
    }
  }
}
