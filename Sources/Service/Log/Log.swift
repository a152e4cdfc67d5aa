import Foundation
import Synchronization
import VectorIndex
import WireProtocol

/// What an engine says about itself: one JSON object a line, for programs and people.
///
/// A line never waits for its reader: where nobody takes it, it is left out and counted. It is at most 4,096 bytes long, so that a pipe takes
/// it whole or not at all. Vectors never stand in it.
///
/// - Concurrency: Any thread may write at any time.
package final class Log: Sendable {
  /// How much a line matters.
  package enum Level: String, CaseIterable, Comparable, Sendable {
    /// Every request.
    case debug
    /// Beginnings and ends.
    case info
    /// Something is not as it should be, and the engine goes on.
    case warning
    /// The engine is at fault, or cannot go on.
    case error

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Whether the first matters less.
    package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
  }

  /// What a field says.
  package enum Value: Sendable {
    /// A text, which may be cut.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// A number.
    case number(Double)
    /// A truth value.
    case bool(Bool)
  }

  /// A name and what it says.
  package typealias Field = (name: StaticString, value: Value)

  /// Lines so far.
  struct Counts: Sendable {
    var written = 0
    var dropped = 0
  }

  /// Bytes of a line, its end included.
  package static let lineLimit = 4096
  /// Bytes of a text in a line that was too long.
  private static let shortened = 256

  let level: Level
  private let sink: LogSink
  private let state = Mutex(Counts())

  /// A log.
  ///
  /// - Parameters:
  ///   - sink: Takes the lines.
  ///   - level: What matters less is left out.
  init(_ sink: LogSink, level: Level) {
    (self.sink, self.level) = (sink, level)
  }

  /// Lines so far.
  var counts: Counts { state.withLock { $0 } }

  /// Writes a line, unless it matters too little or nobody takes it.
  func write(_ level: Level, _ event: StaticString, _ fields: [Field] = []) {
    guard level >= self.level else { return }
    let line = Self.line(level, event, fields)
    // One at a time, so that what is found to have room still has it.
    state.withLock { counts in
      if sink.write(line) { counts.written += 1 } else { counts.dropped += 1 }
    }
  }

  /// The bytes of a line.
  ///
  /// - Parameters:
  ///   - level: How much it matters.
  ///   - event: What happened.
  ///   - fields: What there is to say of it.
  ///   - time: When it happened.
  /// - Returns: One JSON object and a newline, 4,096 bytes at most.
  package static func line(_ level: Level, _ event: StaticString, _ fields: [Field], at time: Date = Date()) -> [UInt8]
  {
    let whole = text(level, event, fields, time, limit: .max)
    if whole.count <= lineLimit { return whole }
    var fields = fields
    var cut = text(level, event, fields, time, limit: shortened)
    while cut.count > lineLimit, fields.popLast() != nil { cut = text(level, event, fields, time, limit: shortened) }
    return cut
  }

  private static func text(
    _ level: Level, _ event: StaticString, _ fields: [Field], _ time: Date, limit: Int
  ) -> [UInt8] {
    var buffer = ByteBuffer(capacity: 512)
    buffer.beginObject()
    buffer.name("time")
    buffer.string(Timestamp.text(of: Int64((time.timeIntervalSince1970 * 1000).rounded())))
    buffer.member("level", level.rawValue)
    buffer.name("event")
    buffer.string("\(event)")
    for (name, value) in fields {
      buffer.name(name)
      switch value {
      case .text(let text): buffer.string(text.utf8.count > limit ? text.utf8Prefix(limit) + "…" : text)
      case .integer(let integer): buffer.number(integer)
      case .number(let number): buffer.number(number)
      case .bool(let bool): buffer.bool(bool)
      }
    }
    if limit < .max {
      buffer.name("cut")
      buffer.bool(true)
    }
    buffer.endObject()
    return buffer.bytes + [UInt8(ascii: "\n")]
  }
}

extension String {
  /// The characters that fit some bytes of UTF-8.
  fileprivate func utf8Prefix(_ count: Int) -> String {
    var bytes = 0
    return String(
      String.UnicodeScalarView(
        unicodeScalars.prefix { scalar in
          bytes += String(scalar).utf8.count
          return bytes <= count
        }))
  }
}
