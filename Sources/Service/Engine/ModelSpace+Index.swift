import Catalogue
import Foundation
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

extension CatalogueStore {
  /// The catalogue's id as row files and snapshots of a generation carry it, so that those of another generation are refused.
  ///
  /// - Parameter generation: How often it was compacted; as the store was opened unless given.
  /// - Returns: Sixteen bytes.
  /// - Throws: `CatalogueError.damaged` where the id is not a UUID.
  func rowFileID(generation: Int64? = nil) throws(CatalogueError) -> CatalogueID {
    guard let uuid = UUID(uuidString: identity.id) else {
      throw .damaged(file: layout.database, reason: "its id is not a UUID")
    }
    let b = uuid.uuid
    var bytes = [b.0, b.1, b.2, b.3, b.4, b.5, b.6, b.7, b.8, b.9, b.10, b.11, b.12, b.13, b.14, b.15]
    let generation = UInt64(bitPattern: generation ?? layout.generation)
    for place in 0..<8 { bytes[8 + place] ^= UInt8(truncatingIfNeeded: generation >> UInt64(8 * place)) }
    return CatalogueID(bytes: bytes)
  }
}
