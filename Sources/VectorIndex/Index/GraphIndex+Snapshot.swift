import VectorKernels

/// The numbers of a ``GraphIndex`` that are neither codes nor edges, as they lie in a snapshot file: one 64-bit word each, in this order.
private enum GraphFact: Int, CaseIterable {
  case layoutVersion, rowCount, dimension, mapKind, keptDimension, bits, hasTerms, step, commonNorm, seed, maxDegree
  case copyCount
}

extension GraphIndex {
  /// The version of the sections written here.
  static let layoutVersion: UInt64 = 2

  /// Writes the index as sections of a snapshot file.
  ///
  /// - Throws: `IndexError`.
  public func write(to writer: SnapshotWriter) throws(IndexError) {
    let facts = GraphFact.allCases.map(fact)
    try writer.add("graph.facts", facts.span)
    try graph.edges.withSpan { span throws(IndexError) in try writer.add("graph.edges", span) }
    try graph.entryPoints.withSpan { span throws(IndexError) in try writer.add("graph.entries", span) }
    let copies = graph.copies.next ?? MemoryBlock(copying: [])
    try copies.withSpan { span throws(IndexError) in try writer.add("graph.copies", span) }
    try codes.codes.withSpan { span throws(IndexError) in try writer.add("codes", span) }
    let terms = codes.terms ?? MemoryBlock(copying: [])
    try terms.withSpan { span throws(IndexError) in try writer.add("codes.terms", span) }
    let center = codes.quantizer.form.center
    try writer.add("codes.center", center.span)
    let matrix = codes.quantizer.projection?.matrix ?? []
    try writer.add("codes.projection", matrix.span)
    let curves = calibration.curves.flatMap { curve in
      curve.points.flatMap { [Double(curve.k), Double($0.width), $0.recall] }
    }
    try writer.add("curves.beam", curves.span)
    let models = calibration.hardnessCurves.flatMap(\.modelNumbers)
    try writer.add("curves.hardness", models.span)
    let slacks = calibration.hardnessCurves.flatMap(\.slackNumbers)
    try writer.add("curves.slack", slacks.span)
    let measured = trials.flatMap(Self.numbers)
    try writer.add("codes.trials", measured.span)
  }

  private func fact(_ fact: GraphFact) -> UInt64 {
    let quantizer = codes.quantizer
    return switch fact {
    case .layoutVersion: Self.layoutVersion
    case .rowCount: UInt64(graph.count)
    case .dimension: UInt64(quantizer.form.dimension)
    case .mapKind: quantizer.format.map == .rotation ? 0 : 1
    case .keptDimension: UInt64(quantizer.codeDimension)
    case .bits: UInt64(quantizer.format.bits.rawValue)
    case .hasTerms: quantizer.hasTerms ? 1 : 0
    case .step: UInt64(quantizer.step.bitPattern)
    case .commonNorm: UInt64(quantizer.commonNorm.bitPattern)
    case .seed: quantizer.seed
    case .maxDegree: UInt64(graph.maxDegree)
    case .copyCount: UInt64(graph.copies.count)
    }
  }

  /// Reads an index in place.
  ///
  /// Edges and codes, which are most of the bytes, are not read here: a walk checks every edge that it follows, and any code is one.
  ///
  /// - Parameters:
  ///   - reader: A snapshot file.
  ///   - dimension: Numbers a row.
  ///   - metric: How closeness is measured.
  /// - Returns: Nil where the file holds columns only.
  /// - Throws: `IndexError.damaged`, naming the section, or `.newer`.
  /// - Complexity: O(*d*²), not depending on the rows.
  public static func read(
    from reader: SnapshotReader, dimension: Int, metric: Metric
  ) throws(IndexError) -> GraphIndex? {
    guard reader.sectionNames.contains("graph.facts") else { return nil }
    let facts = try GraphFacts(reader, dimension: dimension)
    let quantizer = try facts.quantizer(reader, metric: metric)
    let count = facts.rowCount
    let codes = try reader.section("codes", of: UInt8.self, count: count * quantizer.rowBytes)
    let terms = try reader.section("codes.terms", of: RowTerm.self, count: quantizer.hasTerms ? count : 0)
    let edges = try reader.section("graph.edges", of: UInt32.self, count: count * facts.maxDegree)
    let entries = try reader.section("graph.entries", of: UInt32.self)
    guard entries.count <= count, entries.isBelow(count) else {
      throw reader.damage("graph.entries", "names a row that does not exist")
    }
    let copies = try reader.section("graph.copies", of: UInt32.self)
    guard copies.count == 0 || copies.count == count else {
      throw reader.damage("graph.copies", "has \(copies.count) elements for \(count) rows")
    }
    return GraphIndex(
      codes: CodeStore(
        quantizer: quantizer, codes: MemoryBlock(codes), terms: quantizer.hasTerms ? MemoryBlock(terms) : nil,
        count: count),
      graph: ProximityGraph(
        edges: MemoryBlock(edges), maxDegree: facts.maxDegree, entryPoints: MemoryBlock(entries),
        copies: CopyLists(next: copies.count == 0 ? nil : MemoryBlock(copies), count: facts.copyCount), count: count),
      calibration: try readCalibration(reader), trials: try readTrials(reader))
  }

  private static func readCalibration(_ reader: SnapshotReader) throws(IndexError) -> Calibration {
    let numbers = try reader.section("curves.beam", of: Double.self)
    guard numbers.count.isMultiple(of: 3) else { throw reader.damage("curves.beam", "ends within a point") }
    var curves: [Calibration.Curve] = []
    for start in stride(from: 0, to: numbers.count, by: 3) {
      guard let k = Int(exactly: numbers[start]), let width = Int(exactly: numbers[start + 1]), k >= 1,
        (1...Calibration.maximumWidth).contains(width), (0...1).contains(numbers[start + 2])
      else { throw reader.damage("curves.beam", "holds a point that is none") }
      if curves.last?.k != k { curves.append(Calibration.Curve(k: k, points: [])) }
      curves[curves.count - 1].points.append(Calibration.Point(width: width, recall: numbers[start + 2]))
    }
    return Calibration(curves: curves, hardnessCurves: try HardnessCurve.read(from: reader))
  }

  private static func numbers(of trial: FormatTrial) -> [Double] {
    let kept =
      switch trial.format.map {
      case .rotation: 0.0
      case .projection(let dimension): Double(dimension)
      }
    return [
      kept, Double(trial.format.bits.rawValue), Double(trial.bytes), Double(trial.candidates), Double(trial.cost),
    ]
  }

  private static func readTrials(_ reader: SnapshotReader) throws(IndexError) -> [FormatTrial] {
    let numbers = try reader.section("codes.trials", of: Double.self)
    guard numbers.count.isMultiple(of: 5) else { throw reader.damage("codes.trials", "ends within a trial") }
    var trials: [FormatTrial] = []
    for start in stride(from: 0, to: numbers.count, by: 5) {
      guard let kept = Int(exactly: numbers[start]), let raw = UInt8(exactly: numbers[start + 1]),
        let bits = CodeBits(rawValue: raw), let bytes = Int(exactly: numbers[start + 2]),
        let candidates = Int(exactly: numbers[start + 3])
      else { throw reader.damage("codes.trials", "holds a trial that is none") }
      trials.append(
        FormatTrial(
          format: CodeFormat(kept == 0 ? .rotation : .projection(dimension: kept), bits: bits), bytes: bytes,
          candidates: candidates, cost: Float(numbers[start + 4])))
    }
    return trials
  }
}

/// The numbers of an index in a snapshot file, checked.
private struct GraphFacts {
  let rowCount: Int
  let maxDegree: Int
  let copyCount: Int
  private let dimension: Int
  private let format: CodeFormat
  private let hasTerms: Bool
  private let step: Float
  private let commonNorm: Float
  private let seed: UInt64

  init(_ reader: SnapshotReader, dimension: Int) throws(IndexError) {
    let words = try reader.section("graph.facts", of: UInt64.self)
    let version = words.count > 0 ? words[0] : 0
    guard (1...GraphIndex.layoutVersion).contains(version) else {
      throw .newer(
        file: reader.path, found: UInt32(truncatingIfNeeded: version),
        supported: UInt32(truncatingIfNeeded: GraphIndex.layoutVersion))
    }
    guard words.count == GraphFact.allCases.count else { throw reader.damage("graph.facts", "has another length") }
    func number(_ fact: GraphFact, in range: ClosedRange<Int>) throws(IndexError) -> Int {
      guard let value = Int(exactly: words[fact.rawValue]), range.contains(value) else {
        throw reader.damage("graph.facts", "has \(words[fact.rawValue]) as its \(fact)")
      }
      return value
    }
    self.dimension = try number(.dimension, in: dimension...dimension)
    rowCount = try number(.rowCount, in: 0...reader.rowCount)
    maxDegree = try number(.maxDegree, in: 1...1024)
    copyCount = try number(.copyCount, in: 0...rowCount)
    hasTerms = try number(.hasTerms, in: 0...1) == 1
    guard let bits = CodeBits(rawValue: UInt8(try number(.bits, in: 1...8))) else {
      throw reader.damage("graph.facts", "has an unknown number of bits")
    }
    if try number(.mapKind, in: 0...1) == 0 {
      format = CodeFormat(.rotation, bits: bits)
      _ = try number(
        .keptDimension, in: format.codeDimension(ofInput: dimension)...format.codeDimension(ofInput: dimension))
    } else {
      let kept = try number(.keptDimension, in: 64...max(dimension, 64))
      guard kept.isMultiple(of: 64) else { throw reader.damage("graph.facts", "keeps \(kept) directions") }
      format = CodeFormat(.projection(dimension: kept), bits: bits)
    }
    step = Float(bitPattern: UInt32(truncatingIfNeeded: words[GraphFact.step.rawValue]))
    commonNorm = Float(bitPattern: UInt32(truncatingIfNeeded: words[GraphFact.commonNorm.rawValue]))
    seed = words[GraphFact.seed.rawValue]
    guard step.isFinite, step > 0, commonNorm.isFinite, commonNorm > 0 else {
      throw reader.damage("graph.facts", "has a step or a length that is none")
    }
  }

  func quantizer(_ reader: SnapshotReader, metric: Metric) throws(IndexError) -> Quantizer {
    let center = try reader.section("codes.center", of: Float.self, isVerified: true)
    guard center.count == 0 || (center.count == dimension && metric == .euclidean) else {
      throw reader.damage("codes.center", "has \(center.count) elements")
    }
    var matrixCount = 0
    if case .projection(let kept) = format.map { matrixCount = kept * dimension }
    let matrix = try reader.section("codes.projection", of: Float.self, count: matrixCount, isVerified: true)
    let numbers = (0..<matrixCount).map { matrix[$0] }
    guard numbers.allSatisfy(\.isFinite) else { throw reader.damage("codes.projection", "holds a number that is none") }
    return Quantizer(
      format: format,
      form: VectorForm(metric: metric, dimension: dimension, center: (0..<center.count).map { center[$0] }), step: step,
      hasTerms: hasTerms, commonNorm: commonNorm, seed: seed,
      projection: matrixCount == 0 ? nil : Projection(matrix: numbers, inputDimension: dimension))
  }
}
