import WireProtocol

/// The vector of a JSON line, in the forms that the `vector` of a request may have too.
///
/// ```
/// [0.25, -1, 3e-2]
/// {"b64": "AACAPgAAgL8=", "dtype": "f32le", "shape": [2]}
/// ```
enum VectorField {
  private static let pointer = "/vector"

  private static let decoder: VectorDecoder = {
    var limits = Limits()
    limits.dimension = RowLayout.maximumDimension
    return VectorDecoder(limits: limits)
  }()

  /// Reads the value that comes next.
  ///
  /// - Parameters:
  ///   - scanner: Stands where the value begins.
  ///   - line: The line that it reads.
  ///   - vector: Replaced by the numbers; memory is kept.
  /// - Returns: Where in the line the value begins.
  /// - Throws: Why the line is refused, with the place in it.
  static func read(
    _ scanner: inout JSONScanner, of line: ArraySlice<UInt8>, into vector: VectorBuffer
  ) throws(WireError) -> Int {
    let start = scanner.position
    do throws(WireError) {
      try decoder.decode(many: false, &scanner, at: pointer, into: vector)
    } catch {
      guard let place = error.pointer else { throw error }
      let part = place.dropFirst(pointer.utf8.count + 1)
      let value = line[(line.startIndex + start)...]
      let offset: Int? =
        if part.isEmpty {
          start
        } else if value.first == UInt8(ascii: "[") {
          // The decoder stops at the number that it refuses.
          scanner.position
        } else {
          offset(of: part, in: value).map { start + $0 }
        }
      let got = error.got.map { ", got \($0)" } ?? ""
      throw .refused("\(place): \(error.message)\(got)", at: offset ?? start)
    }
    return start
  }

  /// Where a member of a packed vector stands: its value, or its name where there should be no such member.
  private static func offset(of part: Substring, in object: ArraySlice<UInt8>) -> Int? {
    var scanner = JSONScanner()
    return try? scanner.read(object.span) { (scanner) throws(WireError) in
      var members = try scanner.beginObject()
      while let name = try scanner.nextKey(of: &members) {
        let text = scanner.text(of: name)
        let isIgnored = text.utf8.first == UInt8(ascii: "_")
        guard isIgnored || VectorDecoder.partNames.contains(text) else { return name.range.lowerBound - 1 }
        _ = try scanner.peek()
        if text == part { return scanner.position }
        try scanner.skipValue()
      }
      return nil
    }
  }
}
