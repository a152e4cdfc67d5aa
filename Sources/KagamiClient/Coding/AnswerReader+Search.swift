extension AnswerReader {
  /// The id of an answer line, if it is a whole number.
  package static func id(of line: [UInt8]) -> Int? {
    var reader = AnswerReader(line)
    var id: Int?
    // Reading ends where the id has been read: what follows may be long.
    _ = reader.object { reader, name in
      guard case "id" = name else { return reader.skipValue() }
      id = reader.integer()
      return false
    }
    return id
  }

  /// The answer that a line of `search` or `match` holds, unless it needs a decoder that reads everything.
  package static func searchAnswer(of line: [UInt8]) -> SearchAnswer? {
    var reader = AnswerReader(line)
    var answer: SearchAnswer?
    let isPlain = reader.object { reader, name in
      guard case "result" = name else { return name.first != UInt8(ascii: "e") && reader.skipValue() }
      answer = reader.searchAnswer()
      return answer != nil
    }
    return isPlain ? answer : nil
  }

  private mutating func searchAnswer() -> SearchAnswer? {
    var answer = SearchAnswer(results: [], seq: 0)
    var found = (results: false, seq: false)
    let isPlain = object { reader, name in
      switch name {
      case "results": found.results = reader.list { $0.searchResult() }.map { answer.results = $0 } != nil
      case "seq": found.seq = reader.integer().map { answer.seq = $0 } != nil
      case "exact": return reader.bool().map { answer.exact = $0 } != nil
      case "plan": return reader.string().map { answer.plan = $0 } != nil
      case "partial": return reader.bool().map { answer.partial = $0 } != nil
      case "degraded": return reader.bool().map { answer.degraded = $0 } != nil
      case "complete": return reader.bool().map { answer.complete = $0 } != nil
      default: return false
      }
      return true
    }
    return isPlain && found.results && found.seq ? answer : nil
  }

  private mutating func searchResult() -> SearchResult? {
    var hits: [Hit]?
    let isPlain = object { reader, name in
      guard case "hits" = name else { return false }
      hits = reader.list { $0.hit() }
      return hits != nil
    }
    return isPlain ? hits.map { SearchResult(hits: $0) } : nil
  }

  private mutating func hit() -> Hit? {
    var key: String?
    var score: Float?
    var member: String?
    var work: String?
    let isPlain = object { reader, name in
      switch name {
      case "key":
        key = reader.string()
        return key != nil
      case "score":
        score = reader.float()
        return score != nil
      case "member":
        member = reader.string()
        return member != nil
      case "work":
        work = reader.string()
        return work != nil
      default:
        return false
      }
    }
    guard isPlain, let key, let score else { return nil }
    return Hit(key: key, score: score, member: member, work: work)
  }
}
