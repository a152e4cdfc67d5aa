import Catalogue
import Testing

@Suite struct SQLiteLibraryTests {
  @Test(arguments: [3_007_000, 3_040_001, 3_044_005, 3_045_000, 3_050_006, 3_051_000, 3_051_002])
  func `Versions that can lose a commit are known`(_ number: Int) {
    #expect(SQLiteLibrary.hasResetRace(number))
  }

  @Test(arguments: [3_006_023, 3_044_006, 3_044_999, 3_050_007, 3_051_003, 3_052_000, 4_000_000])
  func `Versions that cannot are known, too`(_ number: Int) {
    #expect(!SQLiteLibrary.hasResetRace(number))
  }
}
