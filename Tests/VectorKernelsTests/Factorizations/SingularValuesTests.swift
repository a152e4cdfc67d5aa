import Testing
import VectorKernels

@Suite struct SingularValuesTests {
  @Test(arguments: [(1, 1), (5, 5), (9, 4), (4, 9), (1, 20), (20, 1), (70, 130)])
  func factorsMultiplyBack(rows: Int, columns: Int) throws {
    var random = SeededGenerator(seed: UInt64(rows * 1000 + columns))
    let matrix = random.floats(rows * columns)
    let factors = try SingularValues(of: matrix.span, rows: rows, columns: columns)
    let rank = min(rows, columns)
    #expect(factors.values.count == rank && factors.values == factors.values.sorted(by: >))
    for row in 0..<rows {
      for column in 0..<columns {
        let sum = (0..<rank).reduce(0) {
          $0 + Double(factors.left[row * rank + $1]) * Double(factors.values[$1])
            * Double(factors.rightTransposed[$1 * columns + column])
        }
        #expect(abs(sum - Double(matrix[row * columns + column])) <= 1e-5 * Double(factors.values[0]))
      }
    }
  }

  @Test func factorsAreOrthonormal() throws {
    var random = SeededGenerator(seed: 23)
    let matrix = random.floats(12 * 30)
    let factors = try SingularValues(of: matrix.span, rows: 12, columns: 30)
    let left = MatrixProduct.gram(of: factors.left.span, dimension: 12)
    var right = [Float](repeating: 0, count: 144)
    var span = right.mutableSpan
    let transposed = factors.rightTransposed
    MatrixProduct.multiply(transposed.span, transposed: transposed.span, inner: 30, into: &span)
    for index in 0..<144 {
      let expected: Float = index % 13 == 0 ? 1 : 0
      #expect(abs(left[index] - expected) <= 1e-4 && abs(right[index] - expected) <= 1e-4)
    }
  }

  @Test func nothingHasNoValues() throws {
    let empty: [Float] = []
    let factors = try SingularValues(of: empty.span, rows: 0, columns: 5)
    #expect(factors.values.isEmpty && factors.left.isEmpty && factors.rightTransposed.isEmpty)
  }

  @Test func badNumbersAreRefused() {
    let matrix: [Float] = [1, -.infinity]
    #expect(throws: LinearAlgebraError.notFinite) { try SingularValues(of: matrix.span, rows: 1, columns: 2) }
  }
}
