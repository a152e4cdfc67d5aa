import VectorIndex
import WireProtocol

/// What an edit was asked to do, as a short text that is the same for the same content however it was written.
///
/// An `op_id` is bound to it, so that a name that was given to another edit by mistake is noticed. A checksum guards against mistakes, not
/// against somebody who makes two contents that look the same.
struct RequestContent {
  private let method: Method
  private var checksum = Checksum()
  private var length = 0

  /// A request of a method, without content yet.
  init(_ method: Method) { self.method = method }

  /// The method, the checksum of the content, and its length.
  var text: String { "\(method.rawValue) \(String(checksum.value, radix: 16)) \(length)" }

  /// The method that a text was made for.
  static func method(in text: String) -> Substring { text.prefix { $0 != " " } }

  /// Adds a text, or that there is none; what follows cannot be taken for a part of it.
  mutating func add(_ text: String?) {
    guard let text else { return add(number: UInt64.max) }
    let bytes = Array(text.utf8)
    add(number: UInt64(bytes.count))
    add(bytes)
  }

  /// Adds a truth value.
  mutating func add(_ flag: Bool) { add(number: flag ? 1 : 0) }

  /// Adds a count.
  mutating func add(count: Int) { add(number: UInt64(count)) }

  /// Adds a number, or that there is none.
  mutating func add(_ number: Double?) {
    add(number != nil)
    if let number { add(number: number.bitPattern) }
  }

  /// Adds a vector.
  mutating func add(_ numbers: Span<Float>) {
    add(count: numbers.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * numbers.count)
    for index in numbers.indices {
      let bits = numbers[index].bitPattern
      for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(8 * place))) }
    }
    add(bytes)
  }

  /// Adds a number as eight bytes.
  mutating func add(number: UInt64) {
    add((0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) })
  }

  private mutating func add(_ bytes: [UInt8]) {
    checksum.add(bytes.span)
    length += bytes.count
  }
}

extension RequestContent {
  /// Adds a filter with all its conditions, or that there is none.
  mutating func add(_ filter: Filter?) {
    add(filter != nil)
    guard let filter else { return }
    for list in [filter.must, filter.should, filter.mustNot] {
      add(count: list.count)
      for clause in list {
        switch clause {
        case .filter(let filter): add(filter)
        case .condition(let condition):
          add(false)
          add(condition)
        }
      }
    }
  }

  private mutating func add(_ condition: FieldCondition) {
    add(condition.field)
    switch condition.test {
    case .any(let values):
      add("any")
      add(values)
    case .except(let values):
      add("except")
      add(values)
    case .range(let range):
      add("range")
      for bound in [range.greaterThan, range.atLeast, range.lessThan, range.atMost] { add(bound) }
    case .isEmpty: add("empty")
    case .exists: add("exists")
    }
  }

  private mutating func add(_ bound: ExactNumber?) {
    switch bound {
    case .integer(let number):
      add("i")
      add(number: UInt64(bitPattern: number))
    case .real(let number):
      add("r")
      add(number)
    case nil: add(nil as String?)
    }
  }

  private mutating func add(_ values: [FilterValue]) {
    add(count: values.count)
    for value in values {
      switch value {
      case .string(let text):
        add("s")
        add(text)
      case .integer(let number):
        add("i")
        add(number: UInt64(bitPattern: number))
      case .real(let number):
        add("r")
        add(number)
      case .bool(let truth): add(truth ? "t" : "f")
      }
    }
  }
}

extension RequestContent {
  /// The content of `items.upsert`, with the matrix that came beside it.
  init(_ request: ItemsUpsertRequest, _ vectors: VectorBuffer) {
    self.init(.itemsUpsert)
    add(request.isAtomic)
    add(request.isStrict)
    add(count: request.items.count)
    for item in request.items { add(item) }
    if request.hasMatrix { vectors.withNumbers { add($0) } }
  }

  private mutating func add(_ item: ItemEdit) {
    for text in [item.key, item.member, item.work, item.kind, item.title, item.source, item.attributes] { add(text) }
    switch item.timecode {
    case .number(let number): add(number)
    case .text(let text): add(text)
    case nil: add(nil as String?)
    }
    if let vector = item.vector { add(vector.span) }
  }

  /// The content of `items.remove`.
  init(_ request: ItemsRemoveRequest) {
    self.init(.itemsRemove)
    add(request.isConfirmed)
    add(count: request.keys?.count ?? 0)
    for key in request.keys ?? [] { add(key) }
    add(request.filter)
  }

  /// The content of `members.remove` and `works.remove`.
  init(_ request: RegisterRemoveRequest) {
    self.init(request.work == nil ? .membersRemove : .worksRemove)
    add(request.member)
    add(request.work)
    add(request.cascades)
  }
}
