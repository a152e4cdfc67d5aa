/// A fictional member of the register.
struct Studio {
  /// The name in keys.
  let name: String
  /// The language of its titles' originals, as a code.
  let language: String
  /// What its pictures are made with.
  let medium: String
  /// Its series; each work belongs to one.
  let series: [String]
  /// The year of its first work.
  let founded: Int
  /// How many works it has registered.
  let workCount: Int
  /// What it makes; a kind that stands there twice is twice as frequent.
  let kinds: [WorkKind]

  /// All members of the sample; none of them exists.
  static let all = [
    Studio(
      name: "moonreed", language: "ja", medium: "cel",
      series: ["The Lamplighter Isles", "Small Gods of the Tramline", "Ferry to Winter", "Kites over Aoba"],
      founded: 1987, workCount: 70, kinds: [.film, .character, .background, .background, .illustration]),
    Studio(
      name: "tidewarden", language: "en", medium: "digital",
      series: [
        "Saltglass", "Hollow Crown Harbour", "Drift Cartographers", "The Ninth Lighthouse", "Brine and Bellows",
      ],
      founded: 2003, workCount: 56, kinds: [.character, .character, .background, .illustration, .film]),
    Studio(
      name: "hinokage", language: "ja", medium: "ink",
      series: ["Paper Tigers Sleep", "Sword of the Quiet Valley", "Cedar Street Irregulars", "A Spoon for the Moon"],
      founded: 1994, workCount: 46, kinds: [.comic, .comic, .character, .illustration]),
    Studio(
      name: "quillmoth", language: "fr", medium: "watercolour",
      series: ["Le Jardin des Horloges", "Monsieur Hibou Voyage", "Trois Renards"],
      founded: 1979, workCount: 36, kinds: [.illustration, .illustration, .comic, .background]),
    Studio(
      name: "umbra-and-plum", language: "de", medium: "gouache",
      series: ["Der Wolkensammler", "Nachtzug nach Irgendwo", "Das Haus am Wehr"],
      founded: 1998, workCount: 26, kinds: [.illustration, .background, .character, .comic]),
    Studio(
      name: "sable-orchard", language: "ko", medium: "digital",
      series: ["Rooftop Constellations", "The Persimmon Court"],
      founded: 2012, workCount: 16, kinds: [.comic, .character, .illustration]),
  ]
}
