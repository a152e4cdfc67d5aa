import Foundation
import Testing
import WireProtocol

@Suite struct TimestampTests {
  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("1970-01-01", 0), ("1969-12-31T23:59:59.999Z", -1),
      ("2025-03-01T00:00:00Z", 1_740_787_200_000), ("2025-03-01", 1_740_787_200_000),
      ("2024-02-29T12:30:15.25Z", 1_709_209_815_250), ("2000-02-29", 951_782_400_000),
      ("2025-01-01T00:00:00.5Z", 1_735_689_600_500),
      ("0001-01-01", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
      // As Python's isoformat() and str() write them; without a zone it is UTC, and what is finer than a millisecond is cut off.
      ("2025-03-01T00:00:00", 1_740_787_200_000), ("2025-03-01 00:00:00", 1_740_787_200_000),
      ("2025-03-01T00:00", 1_740_787_200_000), ("2025-03-01T00:00:00.123456", 1_740_787_200_123),
      ("2025-03-01T00:00:00.123999+00:00", 1_740_787_200_123), ("2025-03-01T09:00:00+09:00", 1_740_787_200_000),
      ("2025-02-28T19:30:00-04:30", 1_740_787_200_000), ("2025-03-01 00:00:00.5+00:00", 1_740_787_200_500),
      ("2025-03-01T09:18:59+09:18:59", 1_740_787_200_000), ("2025-03-01T00:00Z", 1_740_787_200_000),
      ("2025-03-01T00:00:00.1234Z", 1_740_787_200_123), ("2025-03-01T00:00:00.123456789Z", 1_740_787_200_123),
    ] as [(String, Int64)])
  func isThisInstant(_ text: String, _ milliseconds: Int64) {
    #expect(Timestamp.milliseconds(of: text) == milliseconds)
  }

  @Test(arguments: [
    "", "2025", "2025-3-1", "2025-02-29", "1900-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "2025-01-00",
    "0000-01-01", "+2025-01-01", "2025-03-01T", "2025-03-01T00", "2025-03-01T00Z", "2025-03-01  00:00:00Z",
    "2025-03-01T24:00:00Z", "2025-03-01T00:60:00Z", "2025-06-30T23:59:60Z", "2025-03-01T00:00:00+9:00",
    "2025-03-01T00:00:00+0900", "2025-03-01T00:00:00+24:00", "2025-03-01T00:00:00+00:60", "2025-03-01T00:00:00Z ",
    "2025-03-01T00:00:00ZZ", "2025-03-01T00:00:00.Z", "2025-03-01T00:00:00.1234567890Z", "2025-03-01T00:00:00,5Z",
    "2025-03-01T00:00:00z", "2025-03-01t00:00:00Z", "2025-03-01Z", "2025-03-01+09:00", "2025/03/01",
    "2025-03-01T0a:00:00Z", "２025-03-01", " 2025-03-01", "yesterday", "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01", "nan", "20250301", "2025-W09-6",
  ])
  func isNone(_ text: String) {
    #expect(Timestamp.milliseconds(of: text) == nil)
  }

  @Test(
    arguments: [
      ("2025-02-30", "2025-02-30 is not a day: February 2025 has 28 days"),
      ("2024-02-30T00:00:00Z", "2024-02-30 is not a day: February 2024 has 29 days"),
      ("2025-04-31", "2025-04-31 is not a day: April 2025 has 30 days"),
      ("2025-12-00", "2025-12-00 is not a day: December 2025 has 31 days"),
      ("2025-13-01", "2025-13-01 is not a day: months are from 01 to 12"),
      ("0000-01-01", "0000-01-01 is not a day: years begin with 0001"),
      ("2025-03-01T25:00:00Z", "25 is not an hour: hours are from 00 to 23"),
      ("2025-03-01T00:61:00Z", "61 is not a minute: minutes are from 00 to 59"),
      ("2025-06-30T23:59:60Z", "60 is not a second: seconds are from 00 to 59, and leap seconds are not counted"),
      ("2025-03-01T00:00:00+24:00", "the difference from UTC is not one: it is from −23:59 to +23:59"),
      ("0001-01-01T00:00+00:01", "in UTC the time is not within the years 1 to 9999"),
      (
        "soon",
        "expected a time as 2025-03-01T00:00:00Z or 2025-03-01T09:00:00+09:00, or a date as 2025-03-01 for its first instant"
      ),
    ])
  func whatIsWrongIsSaid(_ text: String, _ reason: String) {
    #expect { try Timestamp.read(text) } throws: { ($0 as? Timestamp.Objection)?.reason == reason }
  }

  /// Wherever a date is taken, one that is none is refused with its place and what is wrong about it.
  @Test(
    arguments: [
      ("members.put", #"{"member":"m","joined_at":"D"}"#, "joined_at"),
      ("works.put", #"{"member":"m","work":"w","first_published":"D"}"#, "first_published"),
      ("permissions.put", #"{"member":"m","licensee":"l","uses":["training"],"granted_at":"D"}"#, "granted_at"),
      ("permissions.put", #"{"valid_from":"D"}"#, "valid_from"),
      ("permissions.put", #"{"valid_until":"D"}"#, "valid_until"),
      ("permissions.revoke", #"{"id":"1","revoked_at":"D"}"#, "revoked_at"),
      ("permissions.check", #"{"key":"a","use":{"at":"D"}}"#, "use/at"),
      ("search", #"{"vector":[1],"use":{"as_known_at":"D"}}"#, "use/as_known_at"),
    ])
  func aDateThatIsNoneIsRefusedEverywhere(_ method: String, _ params: String, _ place: String) {
    let answer = Wire.refusal(Wire.line(method, params.replacing(#""D""#, with: #""2025-02-30""#)))
    #expect(
      answer?.contains(
        #""message":"2025-02-30 is not a day: February 2025 has 28 days","data":{"kind":"invalid_params","pointer":"/params/\#(place)","got":"2025-02-30""#
      ) == true, "\(answer ?? "taken")")
    #expect(Wire.refusal(Wire.line(method, params.replacing(#""D""#, with: "1e999"))) != nil)
    let sound = Wire.refusal(Wire.line(method, params.replacing(#""D""#, with: #""2025-01-02T03:04:05.123456+00:00""#)))
    #expect(sound?.contains(place) != true || sound?.contains("missing") == true, "\(sound ?? "")")
  }

  @Test(arguments: [
    ("2019", true), ("2019-02", true), ("2019-02-28", true), ("2019-02-28 10:00:00", true), ("2019-13", false),
    ("0000", false), ("19", false), ("2019-2", false), ("spring", false), ("2019-02-29", false), ("", false),
  ])
  func aPublicationMayBeAYearOrAMonth(_ text: String, _ isOne: Bool) {
    #expect(((try? Timestamp.checkPublication(text)) != nil) == isOne)
  }

  /// Every day of 801 years and back; compared since the Gregorian reform, before which Foundation counts in another calendar.
  @Test func theCalendarIsThatOfFoundation() throws {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    for day in stride(from: Int64(-146_097), to: 146_463, by: 1) {
      let milliseconds = day * 86_400_000 + (day & 1) * 43_211_007
      let text = Timestamp.text(of: milliseconds)
      #expect(Timestamp.milliseconds(of: text) == milliseconds)
      if day % 97 == 0, day > -141_000 {
        // Foundation cuts fractions off, and a double is a little less than what was meant.
        let expected = Date(timeIntervalSince1970: (Double(milliseconds) + 0.25) / 1000).formatted(style)
        #expect(text == (day & 1 == 0 ? expected.replacing(".000Z", with: "Z") : expected))
      }
    }
  }
}
