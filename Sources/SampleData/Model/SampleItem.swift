/// A work of the register.
struct SampleWork {
  let studio: Studio
  let series: String
  /// The title in lower case with hyphens, for keys.
  let name: String
  let title: String
  let kind: WorkKind
  let year: Int
}

/// A picture of a work.
struct SampleItem {
  let work: SampleWork
  /// Which picture of the work it is, from 1.
  let number: Int
  let picture: Latent
  /// Pictures that look the same share a group.
  let duplicateGroup: Int
  /// Where in a film it stands, in seconds.
  let second: Int?

  /// The key in the catalogue.
  var key: String { "\(work.studio.name)/\(work.name)/\(twoDigits(number))" }
}
