extension Timestamp {
  /// Why a text is no instant.
  public struct Objection: Error, Hashable, Sendable {
    /// What is wrong with it, and what would be right.
    public let reason: String
  }

  /// What is said where a text does not even look like an instant.
  static let expectation =
    "expected a time as 2025-03-01T00:00:00Z or 2025-03-01T09:00:00+09:00, or a date as 2025-03-01 for its first instant"

  /// The milliseconds since 1970 that a text stands for.
  ///
  /// A date, or a date and a time with `T` or a space between them. A time has hours and minutes, and may have seconds and a fraction of up to nine
  /// digits, of which those beyond the millisecond are cut off. It ends with `Z` or with a difference from UTC as `+09:00`; without, it is UTC. So
  /// everything that `isoformat()` of Python's dates and times writes is one, unless it is told to stop at the hours.
  ///
  /// - Parameter text: What was written.
  /// - Returns: The instant, from the beginning of the year 1 to the end of the year 9999.
  /// - Throws: What is wrong with it. Leap seconds are refused, since milliseconds since 1970 do not have them.
  public static func read(_ text: String) throws(Objection) -> Int64 {
    var reader = Reader(text)
    let date = try reader.date() * 86_400_000
    guard !reader.isAtEnd else { return date }
    let time = try reader.time()
    let instant = date + time - (try reader.zone())
    guard (-62_135_596_800_000...253_402_300_799_999).contains(instant) else {
      throw Objection(reason: "in UTC the time is not within the years 1 to 9999")
    }
    return instant
  }

  /// Checks a text that says when something was published: an instant, or a year or month alone.
  ///
  /// - Throws: What is wrong with it.
  public static func checkPublication(_ text: String) throws(Objection) {
    guard text.utf8.count <= 7 else {
      _ = try read(text)
      return
    }
    // A year or a month stands for its first day here.
    var reader = Reader(text + (text.utf8.count == 4 ? "-01-01" : "-01"))
    do throws(Objection) { _ = try reader.date() } catch {
      guard error.reason == expectation else { throw error }
      throw Objection(reason: "expected a year as 2025, a month as 2025-03, a date as 2025-03-01, or a time")
    }
  }
}

/// Reads an instant from front to back.
private struct Reader {
  private let bytes: [UInt8]
  private var at = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  var isAtEnd: Bool { at == bytes.count }

  private static let unlike = Timestamp.Objection(reason: Timestamp.expectation)

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  /// Days since 1970.
  mutating func date() throws(Timestamp.Objection) -> Int64 {
    let year = try number(4)
    try take("-")
    let month = try number(2)
    try take("-")
    let day = try number(2)
    let written = String(decoding: bytes[..<at], as: UTF8.self)
    guard year > 0 else { throw .init(reason: "\(written) is not a day: years begin with 0001") }
    guard (1...12).contains(month) else {
      throw .init(reason: "\(written) is not a day: months are from 01 to 12")
    }
    let length = Timestamp.Calendar.length(year, month)
    guard (1...length).contains(day) else {
      throw .init(reason: "\(written) is not a day: \(Self.months[Int(month) - 1]) \(year) has \(length) days")
    }
    return Timestamp.Calendar.days(year, month, day)
  }

  /// Milliseconds since midnight.
  mutating func time() throws(Timestamp.Objection) -> Int64 {
    guard next == UInt8(ascii: "T") || next == UInt8(ascii: " ") else { throw Self.unlike }
    at += 1
    let (hour, minute) = (try number(2), try part(":"))
    guard let minute else { throw Self.unlike }
    let second = try part(":") ?? 0
    guard hour < 24 else { throw .init(reason: "\(hour) is not an hour: hours are from 00 to 23") }
    guard minute < 60 else { throw .init(reason: "\(minute) is not a minute: minutes are from 00 to 59") }
    guard second < 60 else {
      throw .init(reason: "\(second) is not a second: seconds are from 00 to 59, and leap seconds are not counted")
    }
    return ((hour * 60 + minute) * 60 + second) * 1000 + (try fraction())
  }

  /// Milliseconds that the local time is ahead of UTC.
  mutating func zone() throws(Timestamp.Objection) -> Int64 {
    guard let sign = next else { return 0 }
    at += 1
    if sign == UInt8(ascii: "Z"), isAtEnd { return 0 }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { throw Self.unlike }
    let (hours, minutes) = (try number(2), try part(":"))
    guard let minutes else { throw Self.unlike }
    let seconds = try part(":") ?? 0
    guard isAtEnd else { throw Self.unlike }
    guard hours < 24, minutes < 60, seconds < 60 else {
      throw .init(reason: "the difference from UTC is not one: it is from −23:59 to +23:59")
    }
    let difference = ((hours * 60 + minutes) * 60 + seconds) * 1000
    return sign == UInt8(ascii: "-") ? -difference : difference
  }

  /// Milliseconds after a point; digits beyond are cut off.
  private mutating func fraction() throws(Timestamp.Objection) -> Int64 {
    guard next == UInt8(ascii: ".") else { return 0 }
    at += 1
    var (value, count): (Int64, Int) = (0, 0)
    while let digit = next.map({ $0 &- UInt8(ascii: "0") }), digit <= 9 {
      if count < 3 { value = value * 10 + Int64(digit) }
      (count, at) = (count + 1, at + 1)
    }
    guard (1...9).contains(count) else { throw Self.unlike }
    return [1, 100, 10, 1][min(count, 3)] * value
  }

  // MARK: Steps

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func take(_ mark: Unicode.Scalar) throws(Timestamp.Objection) {
    guard next == UInt8(ascii: mark) else { throw Self.unlike }
    at += 1
  }

  /// Two digits after a mark, if it comes next.
  private mutating func part(_ mark: Unicode.Scalar) throws(Timestamp.Objection) -> Int64? {
    guard next == UInt8(ascii: mark) else { return nil }
    at += 1
    return try number(2)
  }

  private mutating func number(_ count: Int) throws(Timestamp.Objection) -> Int64 {
    var value: Int64 = 0
    for _ in 0..<count {
      guard let digit = next.map({ $0 &- UInt8(ascii: "0") }), digit <= 9 else { throw Self.unlike }
      value = value * 10 + Int64(digit)
      at += 1
    }
    return value
  }
}
