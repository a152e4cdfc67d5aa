/// Instants as they are written: ISO 8601, to the millisecond.
///
/// `2025-03-01T00:00:00Z`, `2025-03-01T12:30:00.250+09:00`, or a date alone for its first instant; see ``read(_:)``. Answers write them in UTC.
public enum Timestamp {
  /// The milliseconds since 1970 that a text stands for; nil for a text that is no instant of the years 0001 to 9999.
  public static func milliseconds(of text: String) -> Int64? { try? read(text) }

  /// The text of an instant, with a fraction only where there is one.
  public static func text(of milliseconds: Int64) -> String {
    let (days, time) = milliseconds.flooredDivision(by: 86_400_000)
    let (year, month, day) = Calendar.date(days)
    let (seconds, fraction) = time.flooredDivision(by: 1000)
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(date)T\(clock)\(fraction == 0 ? "" : "." + padded(fraction, 3))Z"
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// The Gregorian calendar, also before it was made.
  ///
  /// Years are counted from March, so that the leap day is the last; 400 of them have 146,097 days (Hinnant, "chrono-Compatible
  /// Low-Level Date Algorithms").
  enum Calendar {
    /// Days since 1970 of a date.
    static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
      let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
      let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
      return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date of a number of days since 1970.
    static func date(_ days: Int64) -> (Int64, Int64, Int64) {
      let (era, day) = (days + 719_468).flooredDivision(by: 146_097)
      let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
      let dayOfYear = day - (365 * year + year / 4 - year / 100)
      let month = (5 * dayOfYear + 2) / 153
      let isNextYear = month >= 10
      return (
        era * 400 + year + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3,
        dayOfYear - (153 * month + 2) / 5 + 1
      )
    }

    /// How many days a month has.
    static func length(_ year: Int64, _ month: Int64) -> Int64 {
      days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - days(year, month, 1)
    }
  }
}

extension Int64 {
  /// Quotient and remainder where the remainder is never negative.
  fileprivate func flooredDivision(by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
