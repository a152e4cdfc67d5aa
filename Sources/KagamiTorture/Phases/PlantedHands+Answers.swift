/// Answers that are changed on their way from the engine.
extension PlantedHands {
  /// Asks through an engine whose answers are changed, in the very way in which readers ask.
  func alter(_ plant: Plant, _ isPlanted: Bool) throws -> [Finding] {
    let isCosine = plant == .longCosine || plant == .shortCosine
    var table = try Table(
      bench, "planted-answers", metric: isCosine ? .cosine : .innerProduct, bench.random("planted answers"))
    var reader = try table.reader()
    reader.count(label: nil)
    if isPlanted { reader.session.alteration = { Self.change(&$0, plant) } }
    let key = Onlooker.steady[0]
    switch plant {
    case .shortPage: reader.match(.vector(table.random.vector(table.dimension)), nil, limit: 5, threshold: -900.5)
    case .shortPageByKey: reader.match(.key(key), nil, limit: 5, threshold: -900.5)
    case .steadyKeyLost, .fallingRevision: reader.search(.key(key), nil)
    case .staleMinimum: reader.search(.key(key), table.sequence)
    case .exchangedVectors: reader.get(Onlooker.steady, nil)
    case .shortGroup: reader.groups(.vector(table.history.base.items[key]?.vector ?? []), nil)
    case .doublePage: reader.scroll(limit: 9)
    case .wrongCount: reader.count(label: 1)
    default: reader.search(.vector(table.history.base.items[key]?.vector ?? []), nil)
    }
    table.collect(&reader)
    _ = reader.session.close()
    // Nobody edits, so that what is there is known.
    return table.findings + table.looks.compactMap { $0.finding(table.history.base, table.metric) }
  }

  private static func change(_ answer: inout Answer, _ plant: Plant) {
    guard var result = answer.result else { return }
    switch plant {
    case .shortPage, .shortPageByKey:
      if result.complete == true, result.results?.isEmpty == false { _ = result.results?[0].hits.popLast() }
    case .steadyKeyLost:
      answer.error = Answer.Failure(
        message: "there is no item with this key", data: Answer.Failure.Details(kind: "not_found", retryable: false))
      answer.result = nil
      return
    case .fallingRevision, .staleMinimum: result.seq = (result.seq ?? 1) - 1
    case .exchangedVectors:
      guard var items = result.items, items.count > 1 else { return }
      (items[0].vector, items[1].vector) = (items[1].vector, items[0].vector)
      result.items = items
    case .shortGroup:
      if let place = result.results?[0].groups.firstIndex(where: { $0.count > 0 }) {
        result.results?[0].groups[place].count -= 1
      }
    case .doublePage: if let item = result.items?.first { result.items?.append(item) }
    case .wrongCount: result.count = (result.count ?? 0) + 1
    case .longCosine: result.results?[0].hits[0].score = 1.0000001
    case .shortCosine: result.results?[0].hits[0].score = 0.9999999
    default: break
    }
    answer.result = result
  }
}
