/// Makes edits for several processes: of keys that come and go, and of keys that are only ever replaced.
struct HandEdits {
  private var random: Randomness
  let dimension: Int
  private var serial = 0

  init(_ random: Randomness, dimension: Int) { (self.random, self.dimension) = (random, dimension) }

  /// Labels are 0 to 7.
  static let labels = 8

  /// What every catalogue begins with.
  mutating func beginning() -> ModelEdit {
    let steady = Onlooker.steady.map { ModelEdit.Entry(key: $0, item: .init(vector: random.vector(dimension))) }
    let others = (0..<30).map { entry("h\($0)") }
    return ModelEdit(action: .upsert(steady + others, isAtomic: true))
  }

  /// Any edit.
  mutating func next() -> ModelEdit {
    serial += 1
    let operation = random.oneIn(4) ? "op-\(serial)-\(random.next() % 1_000_000_000)" : nil
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<6: return ModelEdit(action: .upsert([steadyEntry()], isAtomic: true), operation: operation)
    case 6..<12: return upsert()
    case 12..<15: return ModelEdit(action: .remove(keys()), operation: operation)
    case 15..<18: return ModelEdit(action: .removeLabel(label()), operation: operation)
    case 18: return ModelEdit(action: .removeMember(member()), operation: operation)
    default: return ModelEdit(action: .putMember(member()))
    }
  }

  /// Some items, one of them a steady one now and then.
  mutating func upsert() -> ModelEdit {
    let entries = (0..<Int.random(in: 1...8, using: &random)).map { _ in entry(key()) }
    return ModelEdit(action: .upsert(entries + (random.oneIn(2) ? [steadyEntry()] : []), isAtomic: true))
  }

  mutating func steadyEntry() -> ModelEdit.Entry {
    let key = Onlooker.steady.randomElement(using: &random) ?? ""
    return ModelEdit.Entry(key: key, item: .init(vector: random.vector(dimension)))
  }

  mutating func keys() -> [String] { (0..<Int.random(in: 1...5, using: &random)).map { _ in key() } }
  mutating func label() -> Int { Int.random(in: 0..<Self.labels, using: &random) }
  mutating func member() -> String { "m\(Int.random(in: 0..<6, using: &random))" }

  private mutating func key() -> String { "h\(Int.random(in: 0..<60, using: &random))" }

  private mutating func entry(_ key: String) -> ModelEdit.Entry {
    let item = CatalogueState.Item(
      vector: random.vector(dimension), member: random.oneIn(2) ? member() : nil,
      label: random.oneIn(3) ? nil : label())
    return ModelEdit.Entry(key: key, item: item)
  }
}
