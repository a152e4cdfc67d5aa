import Testing
import VectorKernels

@Suite struct MatrixProductTests {
  @Test(arguments: [(1, 1, 1), (3, 5, 7), (16, 1, 64), (1, 33, 512), (40, 50, 60)])
  func productsEqualTheSums(m: Int, n: Int, k: Int) {
    var random = SeededGenerator(seed: 17)
    let (a, b) = (random.floats(m * k), random.floats(n * k))
    var c = [Float](repeating: .nan, count: m * n)
    var span = c.mutableSpan
    MatrixProduct.multiply(a.span, transposed: b.span, inner: k, into: &span)
    for row in 0..<m {
      for column in 0..<n {
        let exact = (0..<k).reduce(0) { $0 + Double(a[row * k + $1]) * Double(b[column * k + $1]) }
        #expect(abs(Double(c[row * n + column]) - exact) <= 1e-6 * Double(k + 1))
      }
    }
  }

  @Test func stridesLeaveTheGapsAlone() {
    let a: [Float] = [1, 2, 99, 3, 4, 99]
    let b: [Float] = [1, 0, 99, 99, 0, 1, 99, 99, 1, 1, 99, 99]
    var c = [Float](repeating: -1, count: 10)
    c.withUnsafeMutableBufferPointer { c in
      MatrixProduct.multiply(
        UnsafeMatrix(a, rows: 2, columns: 2, stride: 3), transposed: UnsafeMatrix(b, rows: 3, columns: 2, stride: 4),
        into: UnsafeMutableMatrix(c.baseAddress!, rows: 2, columns: 3, stride: 5))
    }
    #expect(c == [1, 2, 3, -1, -1, 3, 4, 7, -1, -1])
  }

  @Test func emptyMatricesAreAllowed() {
    let empty: [Float] = []
    var nothing: [Float] = []
    var span = nothing.mutableSpan
    MatrixProduct.multiply(empty.span, transposed: empty.span, inner: 3, into: &span)
    #expect(MatrixProduct.gram(of: empty.span, dimension: 2) == [0, 0, 0, 0])
    let one: [Float] = [5]
    var sums = [Float](repeating: .nan, count: 4)
    sums.withUnsafeMutableBufferPointer { sums in
      MatrixProduct.multiply(
        UnsafeMatrix(one, rows: 2, columns: 0), transposed: UnsafeMatrix(one, rows: 2, columns: 0),
        into: UnsafeMutableMatrix(sums.baseAddress!, rows: 2, columns: 2))
    }
    #expect(sums == [0, 0, 0, 0])
  }

  @Test(arguments: [1, 4, 70])
  func secondMomentsAreSymmetricSums(dimension: Int) {
    var random = SeededGenerator(seed: 19)
    let rows = random.floats(23 * dimension)
    let gram = MatrixProduct.gram(of: rows.span, dimension: dimension)
    for i in 0..<dimension {
      for j in 0..<dimension {
        let exact = (0..<23).reduce(0) { $0 + Double(rows[$1 * dimension + i]) * Double(rows[$1 * dimension + j]) }
        #expect(abs(Double(gram[i * dimension + j]) - exact) <= 1e-4)
        #expect(gram[i * dimension + j] == gram[j * dimension + i])
      }
    }
  }

  @Test func secondMomentsAddUpInPieces() {
    let rows: [Float] = [1, 2, 3, 4, 5, 6]
    var sum = [Float](repeating: 0, count: 4)
    rows.withUnsafeBufferPointer { rows in
      sum.withUnsafeMutableBufferPointer { sum in
        let output = UnsafeMutableMatrix(sum.baseAddress!, rows: 2, columns: 2)
        MatrixProduct.gram(of: UnsafeMatrix(rows.baseAddress!, rows: 1, columns: 2), into: output)
        MatrixProduct.gram(of: UnsafeMatrix(rows.baseAddress! + 2, rows: 2, columns: 2), adding: true, into: output)
      }
    }
    #expect(sum == MatrixProduct.gram(of: rows.span, dimension: 2))
    #expect(sum == [35, 44, 44, 56])
  }

  @Test func aProductThatDoesNotFitIsABrokenPromise() async {
    await #expect(processExitsWith: .failure) {
      let a: [Float] = [1, 2]
      var c: [Float] = [0, 0]
      var span = c.mutableSpan
      MatrixProduct.multiply(a.span, transposed: a.span, inner: 2, into: &span)
    }
  }
}
