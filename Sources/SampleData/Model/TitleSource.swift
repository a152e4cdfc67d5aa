/// Makes up titles that read like titles, each once.
struct TitleSource {
  private static let adjectives = [
    "Amber", "Borrowed", "Crooked", "Distant", "Eleventh", "Forgotten", "Gentle", "Hidden", "Last", "Patient", "Quiet",
    "Restless", "Silver", "Tangled", "Unfinished", "Velvet", "Wandering", "Winter", "Golden", "Paper",
  ]
  private static let things = [
    "Lantern", "Heron", "Bridge", "Compass", "Orchard", "Teahouse", "Whale", "Umbrella", "Clockmaker", "Garden",
    "Staircase", "Comet", "Bicycle", "Mask", "Fox", "Library", "Kettle", "Lighthouse", "Sparrow", "Violin",
  ]
  private static let places = [
    "Harbour", "Rooftops", "Bamboo Grove", "Night Market", "Old Observatory", "Tram Depot", "Snowfield", "Canal",
    "Greenhouse", "Mountain Shrine", "Attic", "Ferry Landing", "Bathhouse", "Clock Tower", "Salt Flats", "Schoolyard",
  ]
  private static let times = [
    "at Dawn", "at Dusk", "after Rain", "in First Snow", "at Noon", "under Stars", "in Fog", "in Late Summer",
  ]
  private static let names = [
    "Aoba", "Brielle", "Corin", "Dagny", "Emeka", "Fumiko", "Gaspard", "Hana", "Ilse", "Jun", "Kaede", "Lorcan",
    "Mirela",
    "Nils", "Oriane", "Pim", "Quill", "Rika", "Sorin", "Tove", "Umeko", "Viveka", "Wren", "Yori",
  ]
  private static let roles = [
    "Keeper of Lamps", "the Cartographer", "Apprentice Baker", "the Fox in Disguise", "Captain of the Ferry",
    "Mender of Kites", "the Reluctant Knight", "Collector of Clouds", "the Night Porter", "Singer of Tides",
  ]

  private var used: Set<String> = []

  /// A title that no other work has.
  mutating func title(_ kind: WorkKind, series: String, random: inout SampleRandom) -> String {
    while true {
      let title = Self.draft(kind, series: series, random: &random)
      if used.insert(title).inserted { return title }
    }
  }

  private static func draft(_ kind: WorkKind, series: String, random: inout SampleRandom) -> String {
    switch kind {
    case .illustration: "The \(random.pick(adjectives)) \(random.pick(things))"
    case .character: "\(random.pick(names)), \(random.pick(roles))"
    case .background: "\(random.pick(places)) \(random.pick(times))"
    case .film: "The \(random.pick(things)) and the \(random.pick(things))"
    case .comic: "\(series), Chapter \(1 + random.index(below: 40))"
    }
  }
}
