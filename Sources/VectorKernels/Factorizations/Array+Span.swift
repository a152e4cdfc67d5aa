extension Array where Element: BitwiseCopyable {
  /// The elements of a span.
  init(copying span: Span<Element>) {
    self.init(capacity: span.count) { output in
      for index in span.indices { output.append(span[index]) }
    }
  }
}
