import KagamiClient

/// Frames one after another whose best hit is the same picture.
struct VideoRun {
  var frames: ClosedRange<Int>
  let key: String
  var best: Float

  /// Gathers runs; frames in between that hit nothing are bridged while they are few.
  static func runs(of hits: [Hit?], atLeast threshold: Float, bridging gap: Int = 4) -> [VideoRun] {
    var runs: [VideoRun] = []
    for (frame, hit) in hits.enumerated() {
      guard let hit, hit.score >= threshold else { continue }
      if let last = runs.last, last.key == hit.key, frame - last.frames.upperBound <= gap + 1 {
        runs[runs.count - 1].frames = last.frames.lowerBound...frame
        runs[runs.count - 1].best = max(last.best, hit.score)
      } else {
        runs.append(VideoRun(frames: frame...frame, key: hit.key, best: hit.score))
      }
    }
    return runs.filter { $0.frames.count >= 3 }
  }
}
