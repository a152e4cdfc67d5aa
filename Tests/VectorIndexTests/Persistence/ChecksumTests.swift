import Testing
import VectorIndex

@Suite struct ChecksumTests {
  /// The check value of the CRC catalogue, and RFC 3720 appendix B.4.
  @Test func publishedValues() {
    #expect(Checksum.of(Array("123456789".utf8).span) == 0xE306_9283)
    #expect(Checksum.of([UInt8](repeating: 0, count: 32).span) == 0x8A91_36AA)
    #expect(Checksum.of([UInt8](repeating: 0xFF, count: 32).span) == 0x62A8_AB43)
    #expect(Checksum.of(Array(UInt8(0)..<32).span) == 0x46DD_794E)
    #expect(Checksum.of([UInt8]().span) == 0)
  }

  @Test func piecesMakeTheSameChecksum() {
    let bytes = (0..<100).map { UInt8($0 * 37 & 0xFF) }
    for cut in 0...100 {
      var checksum = Checksum()
      checksum.add(bytes.span.extracting(first: cut))
      checksum.add(bytes.span.extracting(droppingFirst: cut))
      #expect(checksum.value == Checksum.of(bytes.span))
    }
  }
}
