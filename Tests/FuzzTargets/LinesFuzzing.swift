import WireProtocol

/// First byte: the limit; second: how the stream is cut; the rest is the stream.
enum LinesFuzzing {
  private enum Event: Equatable {
    case line([UInt8])
    case tooLong
  }

  static func run(_ input: [UInt8]) throws {
    guard input.count >= 2 else { return }
    let (limit, stream) = (Int(input[0] & 63) + 1, input[2...])
    var pieces = Pieces(seed: input[1])
    let expected = plain(Array(stream), limit: limit)
    for cut in [[stream], pieces.cut(stream, seed: input[1])] {
      var framer = LineFramer(limit: limit)
      var events: [Event] = []
      for piece in cut {
        framer.feed(
          piece.span, line: { line in events.append(.line(line.indices.map { line[$0] })) },
          tooLong: { _ in events.append(.tooLong) })
      }
      try FuzzFinding.require(events == expected, "\(events) where \(expected) was expected")
      let hasTail = stream.last.map { $0 != 10 } ?? false
      try FuzzFinding.require(framer.hasPartialLine == hasTail, "a partial line: \(framer.hasPartialLine)")
    }
  }

  /// The plainest splitter.
  private static func plain(_ stream: [UInt8], limit: Int) -> [Event] {
    stream.split(separator: 10, omittingEmptySubsequences: false).dropLast().compactMap { line in
      let content = line.last == 13 ? line.dropLast() : line
      if content.count > limit { return .tooLong }
      return content.isEmpty ? nil : .line(Array(content))
    }
  }
}
