import Testing
import VectorKernels

@Suite struct SymmetricEigenTests {
  private func symmetric(_ order: Int) -> [Float] {
    var random = SeededGenerator(seed: UInt64(order))
    let rows = random.floats(order * (order + 3), in: -1...1)
    return MatrixProduct.gram(of: rows.span, dimension: order)
  }

  @Test(arguments: [1, 2, 3, 17, 64, 130])
  func vectorsAreStretchedByTheirValues(order: Int) throws {
    let matrix = symmetric(order)
    let eigen = try SymmetricEigen(of: matrix.span, order: order)
    #expect(eigen.values == eigen.values.sorted(by: >))
    let scale = Double(eigen.values[0])
    for (index, value) in eigen.values.enumerated() {
      let vector = Array(eigen.vectors[index * order..<(index + 1) * order])
      for row in 0..<order {
        let image = (0..<order).reduce(0) { $0 + Double(matrix[row * order + $1]) * Double(vector[$1]) }
        #expect(abs(image - Double(value) * Double(vector[row])) <= 1e-5 * scale)
      }
    }
  }

  @Test(arguments: [1, 17, 130])
  func vectorsAreOrthonormal(order: Int) throws {
    let matrix = symmetric(order)
    let eigen = try SymmetricEigen(of: matrix.span, order: order)
    let products = MatrixProduct.gram(of: eigen.vectors.span, dimension: order)
    for i in 0..<order {
      for j in 0..<order { #expect(abs(products[i * order + j] - (i == j ? 1 : 0)) <= 1e-4) }
    }
  }

  @Test func aKnownMatrix() throws {
    // The upper triangle is not read.
    let matrix: [Float] = [2, 99, 1, 2]
    let eigen = try SymmetricEigen(of: matrix.span, order: 2)
    #expect(abs(eigen.values[0] - 3) < 1e-5 && abs(eigen.values[1] - 1) < 1e-5)
    #expect(abs(eigen.vectors[0] - eigen.vectors[1]) < 1e-5)
    #expect(abs(eigen.vectors[2] + eigen.vectors[3]) < 1e-5)
  }

  @Test func nothingHasNoValues() throws {
    let empty: [Float] = []
    let eigen = try SymmetricEigen(of: empty.span, order: 0)
    #expect(eigen.values.isEmpty && eigen.vectors.isEmpty)
  }

  @Test(arguments: [Float.nan, .infinity])
  func badNumbersAreRefused(number: Float) {
    let matrix = [1, number, number, 1]
    #expect(throws: LinearAlgebraError.notFinite) { try SymmetricEigen(of: matrix.span, order: 2) }
  }
}
