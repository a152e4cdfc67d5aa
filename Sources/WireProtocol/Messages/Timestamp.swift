/// Instants as they are written: ISO 8601 in UTC, to the millisecond.
///
/// `2025-03-01T00:00:00Z`, `2025-03-01T12:30:00.250Z`, or a date alone for its first instant. Other zones are refused, since a reader should
/// not have to calculate; so are leap seconds, which milliseconds since 1970 do not have.
public enum Timestamp {
  /// What is said where a text is no instant.
  static let expectation =
    "expected a time in UTC as 2025-03-01T00:00:00Z, or a date as 2025-03-01 for its first instant"

  /// The milliseconds since 1970 that a text stands for; nil for a text that is no instant of the years 0001 to 9999.
  public static func milliseconds(of text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 10, let days = days(bytes[..<10]) else { return nil }
    guard bytes.count > 10 else { return days * 86_400_000 }
    guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
      bytes[16] == UInt8(ascii: ":"), bytes.last == UInt8(ascii: "Z"), let hour = number(bytes[11..<13]),
      let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]), hour < 24, minute < 60, second < 60,
      let fraction = fraction(bytes[19..<bytes.count - 1])
    else { return nil }
    return (days * 86_400 + hour * 3600 + minute * 60 + second) * 1000 + fraction
  }

  /// The text of an instant, with a fraction only where there is one.
  public static func text(of milliseconds: Int64) -> String {
    let (days, time) = milliseconds.flooredDivision(by: 86_400_000)
    let (year, month, day) = date(days)
    let (seconds, fraction) = time.flooredDivision(by: 1000)
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(date)T\(clock)\(fraction == 0 ? "" : "." + padded(fraction, 3))Z"
  }

  private static func fraction(_ bytes: ArraySlice<UInt8>) -> Int64? {
    guard let point = bytes.first else { return 0 }
    guard point == UInt8(ascii: "."), (2...4).contains(bytes.count), let digits = number(bytes.dropFirst()) else {
      return nil
    }
    return [100, 10, 1][bytes.count - 2] * digits
  }

  private static func days(_ bytes: ArraySlice<UInt8>) -> Int64? {
    guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), let year = number(bytes[..<4]),
      let month = number(bytes[5..<7]), let day = number(bytes[8..<10]), year > 0, (1...12).contains(month)
    else { return nil }
    let days = days(year, month, day)
    // A day that its month does not have comes back as another one.
    return day > 0 && date(days) == (year, month, day) ? days : nil
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    return value
  }

  /// Days since 1970 of a date of the Gregorian calendar.
  ///
  /// Years are counted from March, so that the leap day is the last; 400 of them have 146,097 days (Hinnant, "chrono-Compatible
  /// Low-Level Date Algorithms").
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(_ days: Int64) -> (Int64, Int64, Int64) {
    let (era, day) = (days + 719_468).flooredDivision(by: 146_097)
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let isNextYear = month >= 10
    return (
      era * 400 + year + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3, dayOfYear - (153 * month + 2) / 5 + 1
    )
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

extension Int64 {
  /// Quotient and remainder where the remainder is never negative.
  fileprivate func flooredDivision(by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
