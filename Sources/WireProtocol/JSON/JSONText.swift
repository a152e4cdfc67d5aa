/// Small questions about whole texts of JSON.
public enum JSONText {
  /// The names of an object's members, in their order.
  ///
  /// - Parameter object: The text of a JSON object.
  /// - Returns: The names, escapes resolved.
  /// - Throws: `parse_error` where it is none.
  public static func memberNames(of object: String) throws(WireError) -> [String] {
    var names: [String] = []
    try scan(object) { scanner throws(WireError) in
      var members = try scanner.beginObject()
      while let key = try scanner.nextKey(of: &members) {
        names.append(scanner.text(of: key))
        try scanner.skipValue()
      }
    }
    return names
  }

  /// A filter, as the command line takes it.
  ///
  /// - Parameter text: The JSON that `filter` would be in a request.
  /// - Returns: The filter.
  /// - Throws: `parse_error`, `invalid_params` or `too_large`.
  public static func filter(_ text: String) throws(WireError) -> Filter {
    var filter = Filter()
    try scan(text) { scanner throws(WireError) in
      var decoder = FilterDecoder(limits: Limits())
      filter = try decoder.decode(&scanner, at: "")
    }
    return filter
  }

  /// A use, as the command line takes it.
  ///
  /// - Parameter text: The JSON that `use` would be in a request.
  /// - Returns: The use.
  /// - Throws: `parse_error`, `invalid_params` or `too_large`.
  public static func use(_ text: String) throws(WireError) -> UseRequest {
    var use = UseRequest(licensee: "", use: "", territory: "", at: 0)
    try scan(text) { scanner throws(WireError) in
      use = try ParameterDecoder(limits: Limits()).use(&scanner)
    }
    return use
  }

  /// Scans a whole text.
  private static func scan(_ text: String, _ body: (inout JSONScanner) throws(WireError) -> Void) throws(WireError) {
    var scanner = JSONScanner()
    try scanner.read(text.utf8.span) { scanner throws(WireError) in
      try body(&scanner)
      try scanner.expectEnd()
    }
  }
}
