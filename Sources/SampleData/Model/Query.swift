/// A picture that somebody asks about.
struct Query {
  /// What the picture is.
  enum Origin: String {
    /// An edited copy of a picture in the catalogue.
    case copy
    /// A picture in the style of a series in the catalogue, of a work that is not: hard to tell from a copy.
    case lookalike
    /// A picture of something else.
    case stranger
  }

  let origin: Origin
  let level: EditLevel
  /// The picture that was copied.
  let original: SampleItem?
  let picture: Latent

  private static let copiesPerLevel = 100
  private static let lookalikeCount = 75
  private static let strangerCount = 75

  /// Makes the queries up, in mixed order.
  static func all(about register: Register, world: inout ArtWorld, random: inout SampleRandom) -> [Query] {
    var queries: [Query] = []
    for level in EditLevel.allCases {
      for _ in 0..<copiesPerLevel {
        let item = random.pick(register.items)
        let picture = world.edited(item.picture, strength: random.uniform(in: level.strengths))
        queries.append(Query(origin: .copy, level: level, original: item, picture: picture))
      }
    }
    for number in 0..<lookalikeCount + strangerCount {
      let isLookalike = number < lookalikeCount
      let level = random.pick(EditLevel.allCases)
      let subject = world.workSubject(random.pick(register.looks))
      let picture = isLookalike ? world.picture(subject, variety: WorkKind.comic.variety) : world.stranger()
      let edited = isLookalike ? picture : world.edited(picture, strength: random.uniform(in: level.strengths))
      queries.append(
        Query(origin: isLookalike ? .lookalike : .stranger, level: level, original: nil, picture: edited))
    }
    return random.shuffled(queries)
  }
}
