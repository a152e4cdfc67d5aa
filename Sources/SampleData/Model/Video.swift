/// A short film in which pictures of the catalogue appear.
struct Video {
  /// A stretch of frames that shows one picture.
  struct Segment {
    /// The frames, the end left out.
    let frames: Range<Int>
    let original: SampleItem
    let level: EditLevel
  }

  /// The frames in order.
  let frames: [Latent]
  /// Where pictures of the catalogue appear.
  let segments: [Segment]

  /// The videos of the sample: one with one segment, one with two.
  static func all(about register: Register, world: inout ArtWorld, random: inout SampleRandom) -> [Video] {
    let plans: [[(frames: Range<Int>, level: EditLevel)]] = [
      [(41..<78, .light)],
      [(22..<46, .medium), (75..<104, .light)],
    ]
    return plans.map { plan in
      let segments = plan.map {
        Segment(frames: $0.frames, original: random.pick(register.items), level: $0.level)
      }
      return Video(segments: segments, world: &world, random: &random)
    }
  }

  private static let frameCount = 120
  private static let shotLengths = 24...48

  /// Films the segments, and shots of other things around them.
  private init(segments: [Segment], world: inout ArtWorld, random: inout SampleRandom) {
    var frames: [Latent] = []
    var scene = world.stranger()
    var shake = world.noise()
    var framesLeft = 0
    for number in 0..<Self.frameCount {
      if framesLeft == 0 {
        scene = world.stranger()
        framesLeft = Self.shotLengths.lowerBound + random.index(below: Self.shotLengths.count)
      }
      framesLeft -= 1
      // Each frame keeps most of what the frame before it had.
      shake = (shake * 0.97 + world.noise() * 0.24).normalized
      let segment = segments.first { $0.frames.contains(number) }
      frames.append(Self.frame(segment, number, scene: scene, shake: shake))
    }
    self.frames = frames
    self.segments = segments
  }

  private static func frame(_ segment: Segment?, _ number: Int, scene: Latent, shake: Latent) -> Latent {
    guard let segment else { return (scene + shake * 0.4).normalized }
    // The edit is weakest in the middle of the segment.
    let progress = Double(number - segment.frames.lowerBound) / Double(segment.frames.count - 1)
    let distance = (2 * progress - 1) * (2 * progress - 1)
    let strengths = segment.level.strengths
    let strength = strengths.lowerBound + (strengths.upperBound - strengths.lowerBound) * (0.25 + 0.5 * distance)
    return (segment.original.picture + (scene * 0.75 + shake * 0.66) * strength).normalized
  }
}
