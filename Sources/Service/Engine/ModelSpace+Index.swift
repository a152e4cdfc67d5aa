import Catalogue
import VectorIndex
import VectorKernels

extension ModelSpace {
  /// The catalogue's metric as the index knows it.
  var indexMetric: VectorIndex.Metric {
    switch metric {
    case .cosine: .cosine
    case .innerProduct: .innerProduct
    case .euclidean: .euclidean
    }
  }

  /// The shape of the catalogue's rows.
  var rowLayout: RowLayout {
    RowLayout(dimension: dimension, elementType: storage == .float16 ? .float16 : .float32)
  }
}
