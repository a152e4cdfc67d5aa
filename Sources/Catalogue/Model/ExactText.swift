/// A text that equals another only if it has the same bytes.
///
/// Swift's strings are equal where Unicode calls them equivalent; SQLite, and so the catalogue, compares bytes.
struct ExactText: Hashable, Sendable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (left: ExactText, right: ExactText) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }
}
