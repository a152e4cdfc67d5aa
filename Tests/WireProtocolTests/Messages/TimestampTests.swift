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
    ] as [(String, Int64)])
  func isThisInstant(_ text: String, _ milliseconds: Int64) {
    #expect(Timestamp.milliseconds(of: text) == milliseconds)
  }

  @Test(arguments: [
    "", "2025", "2025-3-1", "2025-02-29", "1900-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "2025-01-00",
    "0000-01-01", "+2025-01-01", "2025-03-01T00:00:00", "2025-03-01T00:00Z", "2025-03-01 00:00:00Z",
    "2025-03-01T24:00:00Z", "2025-03-01T00:60:00Z", "2025-06-30T23:59:60Z", "2025-03-01T00:00:00+09:00",
    "2025-03-01T00:00:00.Z", "2025-03-01T00:00:00.1234Z", "2025-03-01T00:00:00z", "2025-03-01Z", "2025/03/01",
    "2025-03-01T0a:00:00Z", "２025-03-01", " 2025-03-01", "yesterday",
  ])
  func isNone(_ text: String) {
    #expect(Timestamp.milliseconds(of: text) == nil)
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
