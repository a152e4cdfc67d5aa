import WireProtocol

/// One text through the scanner.
enum Scan {
  /// Why a text is not JSON; nil if it is.
  static func refusal(_ text: [UInt8], depth: Int = 32) -> WireError? {
    var scanner = JSONScanner(maximumDepth: depth)
    do throws(WireError) {
      try scanner.read(text.span) { (scanner) throws(WireError) in
        try scanner.skipValue()
        try scanner.expectEnd()
      }
      return nil
    } catch {
      return error
    }
  }

  /// The same for a text that is UTF-8.
  static func refusal(_ text: String, depth: Int = 32) -> WireError? { refusal(Array(text.utf8), depth: depth) }

  /// What a string of JSON stands for.
  static func string(_ text: String) throws(WireError) -> String {
    var scanner = JSONScanner()
    return try scanner.read(Array(text.utf8).span) { (scanner) throws(WireError) in
      scanner.text(of: try scanner.string())
    }
  }

  /// The float that a text is nearest to.
  static func float(_ text: String) throws(WireError) -> Float {
    var scanner = JSONScanner()
    return try scanner.read(Array(text.utf8).span) { (scanner) throws(WireError) in
      let value = try scanner.float()
      try scanner.expectEnd()
      return value
    }
  }

  /// The double that a text is nearest to.
  static func double(_ text: String) throws(WireError) -> Double {
    var scanner = JSONScanner()
    return try scanner.read(Array(text.utf8).span) { (scanner) throws(WireError) in try scanner.double() }
  }

  /// The integer that a text is.
  static func integer(_ text: String) throws(WireError) -> Int64? {
    var scanner = JSONScanner()
    return try scanner.read(Array(text.utf8).span) { (scanner) throws(WireError) in try scanner.integer() }
  }
}
