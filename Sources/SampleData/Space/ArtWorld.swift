/// Where pictures lie: what members, series and works have in common, and what an edit does.
struct ArtWorld {
  /// How far each level strays from the one above it.
  private enum Spread {
    static let everything = 0.22
    static let member = 0.28
    static let series = 0.34
    static let work = 0.66
    /// All of them together, for a picture that shares nothing with the catalogue.
    static let stranger = 0.98
  }

  private let middle: Latent
  private var random: SampleRandom

  /// Starts a world.
  init(random: SampleRandom) {
    self.random = random
    middle = Latent.drawn(.content, from: &self.random) * Spread.everything
  }

  /// The style of a member.
  mutating func memberStyle() -> Latent { middle + drawn(Spread.member) }

  /// The look of a series of a member.
  mutating func seriesLook(_ style: Latent) -> Latent { style + drawn(Spread.series) }

  /// The subject of a work of a series.
  mutating func workSubject(_ look: Latent) -> Latent { look + drawn(Spread.work) }

  /// One picture of a work.
  mutating func picture(_ subject: Latent, variety: Double) -> Latent { (subject + drawn(variety)).normalized }

  /// A picture that shares nothing with the catalogue.
  mutating func stranger() -> Latent { (middle + drawn(Spread.stranger)).normalized }

  /// A picture after an edit.
  ///
  /// It moves towards foreign content (a new ground, a sticker, a crop) and, less, anywhere (noise, blur, colour).
  ///
  /// - Parameters:
  ///   - picture: The original.
  ///   - strength: How far it moves, in lengths of the original.
  /// - Returns: The edited picture, at distance 1.
  mutating func edited(_ picture: Latent, strength: Double) -> Latent {
    let drift = stranger() * 0.75 + noise() * 0.66
    return (picture + drift * strength).normalized
  }

  /// A direction an edit may go.
  mutating func noise() -> Latent { Latent.drawn(.edit, from: &random).normalized }

  private mutating func drawn(_ spread: Double) -> Latent { Latent.drawn(.content, from: &random) * spread }
}
