/// How much memory a filter takes: what is kept for filters is bounded by bytes, and they are the keys to it.
extension Filter {
  /// About how many bytes the filter takes, its texts included.
  ///
  /// - Complexity: O(conditions and values).
  public var byteCount: Int {
    [must, should, mustNot].joined().reduce(MemoryLayout<Filter>.size) { sum, clause in
      switch clause {
      case .condition(let condition): sum + Self.boxed + condition.byteCount
      case .filter(let filter): sum + Self.boxed + filter.byteCount
      }
    }
  }

  /// A clause is an object of its own: its header, and a place in a list.
  private static let boxed = 48
}

extension FieldCondition {
  /// About how many bytes the condition takes, its texts included.
  ///
  /// - Complexity: O(values).
  public var byteCount: Int {
    let own = MemoryLayout<FieldCondition>.size + field.heapByteCount
    switch test {
    case .any(let values), .except(let values): return values.reduce(own + 32) { $0 + $1.byteCount }
    case .range: return own + MemoryLayout<FilterRange>.size
    case .isEmpty, .exists: return own
    }
  }
}

extension FilterValue {
  fileprivate var byteCount: Int {
    guard case .string(let text) = self else { return MemoryLayout<FilterValue>.stride }
    return MemoryLayout<FilterValue>.stride + text.heapByteCount
  }
}

extension String {
  /// Bytes outside the string itself, which holds up to 15 of them.
  fileprivate var heapByteCount: Int { utf8.count > 15 ? utf8.count + 48 : 0 }
}
