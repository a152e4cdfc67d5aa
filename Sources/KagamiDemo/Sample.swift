import Foundation
import VectorFiles

/// The files of the sample that the demo asks about.
struct Sample {
  /// A picture that is asked about, and what is known about it.
  struct Query {
    let vector: [Float]
    let key: String?
    let level: String
    let duplicateGroup: Int?
  }

  /// A video, and where something registered appears in it.
  struct Video {
    let number: Int
    let frames: [Float]
    let segments: [(frames: ClosedRange<Int>, key: String)]
  }

  /// A score that few unrelated pictures reach; see the sample's README.
  static let threshold: Float = 0.70
  /// The same for single frames, which are many.
  static let frameThreshold: Float = 0.65

  let dimension: Int
  let queries: [Query]
  let videos: [Video]
  private let groups: [String: Int]

  init(folder: String) throws {
    let (vectors, dimension) = try Self.vectors("\(folder)/queries.npy")
    self.dimension = dimension
    queries = try Self.lines("\(folder)/queries.jsonl", as: QueryLine.self).enumerated().map { row, line in
      Query(
        vector: Array(vectors[row * dimension..<(row + 1) * dimension]), key: line.key, level: line.level,
        duplicateGroup: line.duplicateGroup)
    }
    let (frames, _) = try Self.vectors("\(folder)/video_frames.npy")
    let segments = try Self.lines("\(folder)/video_segments.jsonl", as: SegmentLine.self)
    videos = try Self.lines("\(folder)/videos.jsonl", as: VideoLine.self).map { video in
      Video(
        number: video.video,
        frames: Array(frames[video.offset * dimension..<(video.offset + video.frames) * dimension]),
        segments: segments.filter { $0.video == video.video }.map { ($0.start...$0.end - 1, $0.key) })
    }
    groups = try Dictionary(
      Self.lines("\(folder)/items.jsonl", as: ItemLine.self).map { ($0.key, $0.duplicateGroup) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Pictures of one group look the same.
  func group(of key: String) -> Int? { groups[key] }

  private struct QueryLine: Decodable {
    let key: String?
    let level: String
    let duplicateGroup: Int?
  }

  private struct ItemLine: Decodable {
    let key: String
    let duplicateGroup: Int
  }

  private struct VideoLine: Decodable {
    let video: Int
    let frames: Int
    let offset: Int
  }

  private struct SegmentLine: Decodable {
    let video: Int
    let start: Int
    let end: Int
    let key: String
  }

  private static func vectors(_ path: String) throws -> ([Float], dimension: Int) {
    let reader = try VectorFile.open(path)
    var block = VectorBlock()
    try reader.read(upTo: reader.count ?? 0, into: &block)
    return (block.vectors, reader.dimension)
  }

  private static func lines<Line: Decodable>(_ path: String, as type: Line.Type) throws -> [Line] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try text.split(separator: "\n").map { try decoder.decode(type, from: Data($0.utf8)) }
  }
}
