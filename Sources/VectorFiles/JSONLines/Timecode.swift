/// A place within a film, as the caller wrote it.
public enum Timecode: Equatable, Sendable {
  /// A number, in whatever unit the caller counts; finite.
  case number(Double)
  /// A text such as `00:12:07:14`.
  case text(String)
}
