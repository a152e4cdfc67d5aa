import Catalogue
import VectorIndex
import WireProtocol

/// Evaluates a filter within one read of the record, for those who have no engine.
struct FilterRows {
  private let reader: CatalogueReader
  private let count: Int

  /// Over all rows that the record names.
  init(_ reader: CatalogueReader) throws {
    self.reader = reader
    count = try Int(reader.rowCount())
  }

  /// The live rows.
  ///
  /// - Complexity: O(*n*) in the rows.
  func live() throws -> Bitmap {
    var rows = Bitmap(count: count)
    try reader.forEachItem { item in
      if !item.isRemoved, Int(item.ordinal) < count { rows.insert(item.ordinal) }
    }
    return rows
  }

  /// The rows that meet a filter, live or not.
  ///
  /// - Complexity: O(*n*) a condition.
  func meeting(_ filter: Filter) throws -> Bitmap {
    try filter.rows(count: count) { condition in
      var rows = Bitmap(count: count)
      try reader.forEachOrdinal(matching: Condition(condition)) { ordinal in
        if Int(ordinal) < count { rows.insert(ordinal) }
      }
      return rows
    }
  }
}

extension Filter {
  /// A filter as the command line takes it.
  ///
  /// - Parameter text: JSON in the grammar of the protocol.
  /// - Returns: The filter.
  /// - Throws: ``CommandFailure``, which names the option and the place.
  static func option(_ text: String) throws(CommandFailure) -> Filter {
    do throws(WireError) {
      return try JSONText.filter(text)
    } catch {
      let place = error.pointer.map { $0.isEmpty ? "" : " at \($0)" } ?? error.offset.map { " at byte \($0)" } ?? ""
      let got = error.got.map { " (got \($0))" } ?? ""
      throw CommandFailure("--filter\(place): \(error.message)\(got)", exitCode: 64)
    }
  }
}

/// A filter that goes into a request as it was given.
public enum FilterOption {
  /// Makes sure that a text is one filter and nothing else.
  ///
  /// - Throws: ``CommandFailure``, which names the option and the place.
  public static func check(_ text: String) throws {
    _ = try Filter.option(text)
  }
}
