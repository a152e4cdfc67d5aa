extension ParameterDecoder {
  private static let common = [
    "vector", "vectors", "key", "filter", "group_by", "group_size", "with_attributes", "with_vectors", "min_seq",
    "deadline_ms", "model", "use", "score_threshold",
  ]

  func search(_ hasParams: Bool, _ scanner: inout JSONScanner, _ vectors: VectorBuffer) throws(WireError)
    -> SearchRequest
  {
    var request = SearchRequest()
    var source: StaticString?
    try forEach(hasParams, &scanner, known: Self.common + ["k", "exact", "beam_width", "target_recall"]) {
      scanner, name throws(WireError) in
      switch name {
      case "k": request.k = try integer(&scanner, "k", 1...limits.k)
      case "score_threshold": request.scoreThreshold = try score(&scanner)
      case "exact": request.exact = try bool(&scanner, "exact")
      case "beam_width": request.beamWidth = try integer(&scanner, "beam_width", 1...limits.k)
      case "target_recall": request.targetRecall = try recall(&scanner)
      default: return try option(name, &request.options, &source, &scanner, vectors)
      }
      return true
    }
    try requireSource(source)
    try checkHits(request, vectors)
    return request
  }

  /// Bounds what one answer may hold.
  private func checkHits(_ request: SearchRequest, _ vectors: VectorBuffer) throws(WireError) {
    let groupSize = request.options.groupsByWork ? request.options.groupSize : 1
    let hits = request.k * max(vectors.count, 1) * groupSize
    guard hits > limits.hits else { return }
    throw WireError(
      .tooLarge,
      "k times vectors\(groupSize > 1 ? " times group_size" : "") is at most \(limits.hits); ask for fewer hits or send several requests",
      pointer: "/params/k", limit: limits.hits, got: "\(hits)")
  }

  func match(_ hasParams: Bool, _ scanner: inout JSONScanner, _ vectors: VectorBuffer) throws(WireError) -> MatchRequest
  {
    var request = MatchRequest(scoreThreshold: 0)
    var source: StaticString?
    var hasThreshold = false
    try forEach(hasParams, &scanner, known: Self.common + ["limit", "cursor"]) { scanner, name throws(WireError) in
      switch name {
      case "score_threshold": (request.scoreThreshold, hasThreshold) = (try score(&scanner), true)
      case "limit": request.limit = try integer(&scanner, "limit", 1...limits.hits)
      case "cursor": request.cursor = try text(&scanner, "cursor")
      case "k":
        throw .invalid(
          "/params/k", "match answers everything at or above score_threshold; use search for the k nearest")
      default: return try option(name, &request.options, &source, &scanner, vectors)
      }
      return true
    }
    try requireSource(source)
    guard hasThreshold else { throw .invalid("/params/score_threshold", "score_threshold is missing") }
    return request
  }

  private func requireSource(_ source: StaticString?) throws(WireError) {
    if source == nil { throw .invalid("/params", "one of vector, vectors, key is missing") }
  }

  /// Reads a parameter that both methods have; answers whether it is one.
  private func option(
    _ name: JSONScanner.Name, _ options: inout QueryOptions, _ source: inout StaticString?,
    _ scanner: inout JSONScanner,
    _ vectors: VectorBuffer
  ) throws(WireError) -> Bool {
    switch name {
    case "vector":
      try begin("vector", &source)
      try decoder.decode(many: false, &scanner, at: "/params/vector", into: vectors)
    case "vectors":
      try begin("vectors", &source)
      try decoder.decode(many: true, &scanner, at: "/params/vectors", into: vectors)
    case "key":
      try begin("key", &source)
      options.source = .key(try text(&scanner, "key"))
    case "filter": options.filter = try filter(&scanner)
    case "group_by":
      guard try scanner.takeText() == "work" else { throw .invalid("/params/group_by", "expected \"work\"") }
      options.groupsByWork = true
    case "group_size": options.groupSize = try integer(&scanner, "group_size", 1...100)
    case "with_attributes": options.withAttributes = try bool(&scanner, "with_attributes")
    case "with_vectors": options.withVectors = try vectorFormat(&scanner)
    case "min_seq": options.minSequence = Int64(try integer(&scanner, "min_seq", 0...Int(RequestID.greatestInteger)))
    case "deadline_ms": options.deadline = try deadline(&scanner)
    case "model": options.model = try text(&scanner, "model")
    case "use": options.use = try use(&scanner)
    default: return false
    }
    return true
  }

  private var decoder: VectorDecoder { VectorDecoder(limits: limits) }

  /// Notes what a search starts from: one thing only.
  private func begin(_ name: StaticString, _ source: inout StaticString?) throws(WireError) {
    if let source {
      throw .invalid("/params/\(name)", "expected one of vector, vectors, key; there is \(source) already")
    }
    source = name
  }

  private func score(_ scanner: inout JSONScanner) throws(WireError) -> Float {
    guard let score = try scanner.takeFloat() else {
      throw .invalid("/params/score_threshold", "expected a number within the range of 32-bit floats")
    }
    return score
  }

  private func recall(_ scanner: inout JSONScanner) throws(WireError) -> Double {
    guard let recall = try scanner.takeDouble(), recall > 0, recall <= 1 else {
      throw .invalid("/params/target_recall", "expected a number above 0 and up to 1")
    }
    return recall
  }
}
