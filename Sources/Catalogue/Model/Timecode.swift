/// Where in a moving picture or a longer document an item was taken from.
public enum Timecode: Hashable, Sendable {
  /// A number in the caller's unit, usually seconds.
  case number(Double)
  /// A text in the caller's notation, such as `00:01:12:05`.
  case text(String)
}
