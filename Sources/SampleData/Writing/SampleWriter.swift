import VectorFiles

/// Writes the parts of the sample as files.
struct SampleWriter {
  private let embedding: Embedding
  private(set) var summary: SampleSummary

  /// Makes the folder.
  init(directory: String, embedding: Embedding) throws(FileError) {
    try Directory.create(directory + "/labels")
    self.embedding = embedding
    summary = SampleSummary(directory: directory)
  }

  /// Writes the catalogue itself: vectors, metadata, and the year once more as a label.
  mutating func write(_ register: Register) throws(FileError) {
    let items = register.items
    try writeVectors("items.npy", items.map(\.picture), "the catalogue's embeddings")
    try writeLines("items.jsonl", items.map(Self.line), "key, member, work and attributes of each")
    let years = items.map { Int32($0.work.year) }
    try NpyWriter.write(path("labels/year.npy"), labels: years.span)
    note("labels/year.npy", items.count, "the year of each item, as a label")
  }

  /// Writes the queries.
  mutating func write(_ queries: [Query]) throws(FileError) {
    try writeVectors("queries.npy", queries.map(\.picture), "edited copies and pictures that are none")
    let lines = queries.enumerated().map { number, query in
      var line = JSONLine()
      line.add("query", number)
      line.add("key", query.original?.key)
      line.add("level", query.level.rawValue)
      line.add("kind", query.origin.rawValue)
      line.add("duplicate_group", query.original?.duplicateGroup)
      return line.line
    }
    try writeLines("queries.jsonl", lines, "which item each is a copy of, if any")
  }

  /// Writes pictures that belong to no member.
  mutating func write(background: [Latent]) throws(FileError) {
    try writeVectors("background.npy", background, "pictures that belong to no member")
  }

  /// Writes the videos: all frames, where each video starts, and where pictures of the catalogue appear.
  mutating func write(_ videos: [Video]) throws(FileError) {
    try writeVectors("video_frames.npy", videos.flatMap(\.frames), "the frames of the videos")
    var offset = 0
    var videoLines: [String] = []
    var segmentLines: [String] = []
    for (number, video) in videos.enumerated() {
      var line = JSONLine()
      line.add("video", number)
      line.add("kind", video.segments.count == 1 ? "single" : "two")
      line.add("frames", video.frames.count)
      line.add("offset", offset)
      videoLines.append(line.line)
      segmentLines += video.segments.map { Self.line($0, of: number) }
      offset += video.frames.count
    }
    try writeLines("videos.jsonl", videoLines, "each video's first frame and length")
    try writeLines("video_segments.jsonl", segmentLines, "where items appear in them")
  }

  private static func line(_ item: SampleItem) -> String {
    var line = JSONLine()
    line.add("key", item.key)
    line.add("member", item.work.studio.name)
    line.add("work", item.work.name)
    line.add("title", item.work.title)
    line.add("kind", item.work.kind.rawValue)
    line.add("source", "\(item.key).png")
    if let second = item.second {
      line.add("timecode", "\(twoDigits(second / 3_600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60))")
    }
    line.add("series", item.work.series)
    line.add("year", item.work.year)
    line.add("language", item.work.studio.language)
    line.add("medium", item.work.studio.medium)
    line.add("duplicate_group", item.duplicateGroup)
    return line.line
  }

  private static func line(_ segment: Video.Segment, of video: Int) -> String {
    var line = JSONLine()
    line.add("video", video)
    line.add("start", segment.frames.lowerBound)
    line.add("end", segment.frames.upperBound)
    line.add("key", segment.original.key)
    line.add("level", segment.level.rawValue)
    line.add("duplicate_group", segment.original.duplicateGroup)
    return line.line
  }

  private mutating func writeVectors(_ name: String, _ pictures: [Latent], _ content: String) throws(FileError) {
    let rows = pictures.flatMap(embedding.row)
    try NpyWriter.write(path(name), vectors: rows.span, dimension: Latent.dimension, precision: .float16)
    note(name, pictures.count, content)
  }

  private mutating func writeLines(_ name: String, _ lines: [String], _ content: String) throws(FileError) {
    var file = try OutputFile(path(name))
    for line in lines { try file.write(line.utf8) }
    try file.finish()
    note(name, lines.count, content)
  }

  private func path(_ name: String) -> String { "\(summary.directory)/\(name)" }

  private mutating func note(_ name: String, _ rowCount: Int, _ content: String) {
    summary.files.append(SampleSummary.File(name: name, rowCount: rowCount, content: content))
  }
}
