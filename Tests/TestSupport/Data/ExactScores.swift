import Foundation

/// Scores in double precision, computed in the plainest way from the numbers that are stored: what every answer is held against.
public struct ExactScores: Sendable {
  private let rows: [Double]
  private let dimension: Int
  private let rowCount: Int
  private let isCosine: Bool

  /// The rows of a catalogue.
  ///
  /// - Parameters:
  ///   - rows: As they were imported.
  ///   - isCosine: Whether both sides are taken at unit length.
  public init(_ rows: HalfMatrix, isCosine: Bool) {
    (dimension, rowCount, self.isCosine) = (rows.columns, rows.rowCount, isCosine)
    self.rows = Self.prepared(rows.numbers[...], dimension: rows.columns, isCosine)
  }

  /// Scores of some queries against every row.
  ///
  /// - Parameters:
  ///   - queries: The queries, one after another.
  ///   - body: Gets a query's number and its scores, by row; called from several threads at once.
  /// - Complexity: O(queries · rows · *d*), on all processors.
  public func forEach(_ queries: HalfMatrix, _ body: @escaping @Sendable (_ query: Int, _ scores: [Double]) -> Void) {
    let block = 16
    let tasks = (queries.rowCount + block - 1) / block
    DispatchQueue.concurrentPerform(iterations: tasks) { task in
      let range = task * block..<min((task + 1) * block, queries.rowCount)
      let numbers = queries.numbers[range.lowerBound * dimension..<range.upperBound * dimension]
      for (query, scores) in zip(range, scores(Self.prepared(numbers, dimension: dimension, isCosine))) {
        body(query, scores)
      }
    }
  }

  /// The inner product of two rows.
  public static func product(_ a: ArraySlice<Float16>, _ b: ArraySlice<Float16>) -> Double {
    zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  private func scores(_ queries: [Double]) -> [[Double]] {
    let count = queries.count / dimension
    var scores = [[Double]](repeating: [Double](repeating: 0, count: rowCount), count: count)
    rows.withUnsafeBufferPointer { rows in
      queries.withUnsafeBufferPointer { queries in
        guard let rows = rows.baseAddress, let queries = queries.baseAddress else { return }
        for row in 0..<rowCount {
          for query in 0..<count {
            scores[query][row] = Self.dot(queries + query * dimension, rows + row * dimension, dimension)
          }
        }
      }
    }
    return scores
  }

  @inline(__always)
  private static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
    var (first, second) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
    var index = 0
    while index + 16 <= count {
      first += load(a + index) * load(b + index)
      second += load(a + index + 8) * load(b + index + 8)
      index += 16
    }
    var sum = (first + second).sum()
    while index < count {
      sum += a[index] * b[index]
      index += 1
    }
    return sum
  }

  @inline(__always)
  private static func load(_ address: UnsafePointer<Double>) -> SIMD8<Double> {
    UnsafeRawPointer(address).loadUnaligned(as: SIMD8<Double>.self)
  }

  private static func prepared(_ numbers: ArraySlice<Float16>, dimension: Int, _ isCosine: Bool) -> [Double] {
    var doubles = numbers.map { Double($0) }
    guard isCosine else { return doubles }
    for start in stride(from: 0, to: doubles.count, by: dimension) {
      let row = start..<start + dimension
      let norm = row.reduce(0) { $0 + doubles[$1] * doubles[$1] }.squareRoot()
      for index in row { doubles[index] /= norm }
    }
    return doubles
  }
}
