/// Makes random edits: most put, some replace, some remove.
struct EditMaker {
  private var random: Randomness
  private let dimension: Int
  private var serial = 0

  /// - Parameters:
  ///   - random: Where chance comes from.
  ///   - dimension: Of the vectors.
  init(_ random: Randomness, dimension: Int) {
    (self.random, self.dimension) = (random, dimension)
  }

  /// The next edit.
  mutating func next() -> ModelEdit {
    serial += 1
    let operation = random.oneIn(3) ? "op-\(serial)-\(random.next() % 1_000_000)" : nil
    switch Int.random(in: 0..<21, using: &random) {
    case 0..<8: return ModelEdit(action: .upsert([entry()], isAtomic: random.oneIn(2)), operation: operation)
    case 8..<13:
      var entries = (0..<Int.random(in: 2...40, using: &random)).map { _ in entry() }
      // One that must be refused: with the others where they are atomic, alone where they are not.
      if random.oneIn(6) { entries[Int.random(in: 0..<entries.count, using: &random)].key = "" }
      return ModelEdit(action: .upsert(entries, isAtomic: random.oneIn(2)), operation: operation)
    case 13..<18:
      let keys = (0..<Int.random(in: 1...12, using: &random)).map { _ in key() }
      return ModelEdit(action: .remove(keys), operation: operation)
    case 18: return ModelEdit(action: .putMember(member()))
    case 19: return ModelEdit(action: .removeLabel(label()), operation: operation)
    default: return ModelEdit(action: .removeMember(member()), operation: operation)
    }
  }

  /// A vector to search for.
  mutating func query() -> [Float] { random.vector(dimension) }

  private mutating func entry() -> ModelEdit.Entry {
    ModelEdit.Entry(
      key: key(),
      item: CatalogueState.Item(
        vector: random.vector(dimension), member: random.oneIn(2) ? member() : nil,
        label: random.oneIn(2) ? label() : nil))
  }

  private mutating func key() -> String { "k\(Int.random(in: 0..<400, using: &random))" }

  private mutating func label() -> Int { Int.random(in: 0..<8, using: &random) }

  private mutating func member() -> String { "m\(Int.random(in: 0..<12, using: &random))" }
}
