/// The fictional register: members, their series, their works and the pictures of these.
struct Register {
  /// The pictures in the order of the file.
  private(set) var items: [SampleItem] = []
  /// The looks of all series, for pictures that resemble the catalogue and are not in it.
  private(set) var looks: [Latent] = []

  private var titles = TitleSource()

  /// Makes the register up.
  init(world: inout ArtWorld, random: inout SampleRandom) {
    for studio in Studio.all {
      let style = world.memberStyle()
      let ownLooks = studio.series.map { _ in world.seriesLook(style) }
      looks += ownLooks
      for _ in 0..<studio.workCount {
        let series = random.index(below: studio.series.count)
        let work = makeWork(of: studio, series: studio.series[series], random: &random)
        addPictures(of: work, subject: world.workSubject(ownLooks[series]), world: &world, random: &random)
      }
    }
  }

  private mutating func makeWork(of studio: Studio, series: String, random: inout SampleRandom) -> SampleWork {
    let kind = random.pick(studio.kinds)
    let title = titles.title(kind, series: series, random: &random)
    return SampleWork(
      studio: studio, series: series, name: hyphenated(title), title: title, kind: kind,
      year: studio.founded + random.index(below: 2026 - studio.founded))
  }

  private mutating func addPictures(
    of work: SampleWork, subject: Latent, world: inout ArtWorld, random: inout SampleRandom
  ) {
    let counts = work.kind.pictureCounts
    var second = 0
    for number in 1...counts.lowerBound + random.index(below: counts.count) {
      second += 20 + random.index(below: 240)
      // Now and then a picture is used again, in another work or by another member.
      let isReused = !items.isEmpty && random.uniform() < 0.02
      let original = isReused ? random.pick(items) : nil
      let picture = original.map { world.edited($0.picture, strength: 0.15) }
      items.append(
        SampleItem(
          work: work, number: number, picture: picture ?? world.picture(subject, variety: work.kind.variety),
          duplicateGroup: original?.duplicateGroup ?? items.count, second: work.kind == .film ? second : nil))
    }
  }
}

/// A title in lower case, words joined by hyphens.
private func hyphenated(_ title: String) -> String {
  title.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
}

/// A number with at least two digits.
func twoDigits(_ number: Int) -> String {
  number < 10 ? "0\(number)" : "\(number)"
}
