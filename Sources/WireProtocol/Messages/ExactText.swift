/// A text that equals another one only if it has the same bytes.
///
/// Swift's strings also equal each other where Unicode calls them canonically equivalent, as an é of one character and
/// an é of two. Keys, ids and values of callers are not to be confused so.
struct ExactText: Hashable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (a: ExactText, b: ExactText) -> Bool {
    a.text.utf8.elementsEqual(b.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    hasher.combine(0xFF as UInt8)
  }
}
