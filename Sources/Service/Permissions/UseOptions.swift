import WireProtocol

/// A use of artwork as the command line describes it.
public struct UseOptions: Sendable {
  /// Who uses it.
  public var licensee: String
  /// What for: `training`, `generation`, `display`, `distribution` or another name.
  public var use: String
  /// Where: a code of ISO 3166-1, or `worldwide`.
  public var territory: String
  /// When: a time in UTC such as `2025-03-01T00:00:00Z`, or a date.
  public var at: String
  /// The moment whose knowledge counts; all that is recorded unless given.
  public var asKnownAt: String?

  /// A use that is judged by all that is recorded.
  public init(licensee: String, use: String, territory: String, at: String) {
    (self.licensee, self.use, self.territory, self.at) = (licensee, use, territory, at)
  }

  /// The same in a request.
  ///
  /// - Throws: ``CommandFailure``, which names the option.
  func request() throws -> UseRequest {
    var text = ByteBuffer()
    text.beginObject()
    text.member("licensee", licensee)
    text.member("use", use)
    text.member("territory", territory)
    text.member("at", at)
    text.member("as_known_at", asKnownAt)
    text.endObject()
    do throws(WireError) {
      return try JSONText.use(String(decoding: text.bytes, as: UTF8.self))
    } catch {
      throw CommandWords().failure(for: error)
    }
  }
}
