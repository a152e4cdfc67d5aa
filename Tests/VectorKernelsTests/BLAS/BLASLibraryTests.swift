import Testing
import VectorKernels

@Suite(.serialized) struct BLASLibraryTests {
  @Test func theLibraryNamesItself() {
    switch BLASLibrary.implementation {
    case .openBLAS(let configuration):
      #expect(!BLASLibrary.isReference)
      #expect(configuration.hasPrefix("OpenBLAS"))
      #expect(BLASLibrary.summary == configuration)
    case .reference:
      #expect(BLASLibrary.isReference)
      #expect(BLASLibrary.summary.contains("libopenblas0-pthread"))
      #expect(BLASLibrary.threadCount == nil)
    }
  }

  @Test func threadsCanBeSetWhereThereAreAny() {
    let before = BLASLibrary.threadCount
    #expect(BLASLibrary.setThreadCount(1) == (before != nil))
    #expect(BLASLibrary.threadCount == before.map { _ in 1 })
    if let before { BLASLibrary.setThreadCount(before) }
    #expect(BLASLibrary.threadCount == before)
  }
}
