/// A method as `rpc.discover` tells of it.
struct MethodDescription: Sendable {
  /// What it does, in a sentence.
  let summary: String
  /// What it takes.
  let parameters: [Property]
  /// Parameters of which some must be there.
  var condition: Schema.Condition?
  /// What it answers.
  let result: Schema

  init(
    _ summary: String, _ parameters: [Property] = [], oneOf sets: [[String]] = [], isExclusive: Bool = true,
    result: Schema
  ) {
    self.summary = summary
    self.parameters = parameters
    condition = sets.isEmpty ? nil : Schema.Condition(isExclusive: isExclusive, sets: sets)
    self.result = result
  }
}
