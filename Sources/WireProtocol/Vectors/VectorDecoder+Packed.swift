extension VectorDecoder {
  /// The names of the members of a packed vector.
  package static let partNames = ["b64", "dtype", "shape", "scale"]

  /// The parts of `{"b64", "dtype", "shape", "scale"}`, in whatever order they come.
  private struct Parts {
    /// Where the text stands, and what became of it.
    var text: (start: Int, outcome: Result<Int, Base64.Misplaced>)?
    var type: PackedType?
    var shape: Shape?
    var scale: Float?
  }

  /// `[rows, columns]`, or `[columns]`.
  private struct Shape {
    var rows: Int?
    var columns: Int
  }

  func decodePacked(
    many: Bool, _ scanner: inout JSONScanner, _ pointer: String, _ buffer: VectorBuffer
  ) throws(WireError) {
    let parts = try parts(&scanner, pointer, buffer)
    guard let text = parts.text else { throw .invalid(pointer, "b64 is missing") }
    guard let type = parts.type else {
      throw .invalid(pointer, "dtype is missing; expected one of \(PackedType.names)")
    }
    if parts.scale != nil, type != .int8 { throw .invalid("\(pointer)/scale", "scale goes with dtype i8 only") }
    switch text.outcome {
    case .success(let bytes):
      try setShape(parts.shape, many: many, bytes: bytes, type, pointer, buffer)
    case .failure(let misplaced):
      throw WireError(
        .invalidParams, "not base64 (standard alphabet, padded) at character \(misplaced.offset)",
        pointer: "\(pointer)/b64", offset: text.start + misplaced.offset)
    }
    buffer.widen(from: type, scale: parts.scale ?? 1)
    buffer.isUnscaledInteger = type == .int8 && parts.scale == nil
    if let bad = buffer.firstNotFinite {
      let place = many ? "\(pointer)/\(bad / buffer.dimension)" : pointer
      throw .invalid("\(place)/\(bad % buffer.dimension)", "the number is not finite")
    }
  }

  private func parts(
    _ scanner: inout JSONScanner, _ pointer: String, _ buffer: VectorBuffer
  ) throws(WireError) -> Parts {
    var parts = Parts()
    var object = try scanner.beginObject()
    while let key = try scanner.nextKey(of: &object) {
      switch scanner.name(key) {
      case "b64":
        guard try scanner.peek() == UInt8(ascii: "\"") else { throw .invalid("\(pointer)/b64", "expected a string") }
        parts.text = (scanner.position + 1, try buffer.unpack(&scanner))
      case "dtype": parts.type = try type(&scanner, pointer)
      case "shape": parts.shape = try shape(&scanner, pointer)
      case "scale":
        guard let scale = try scanner.takeFloat(), scale > 0 else {
          throw .invalid("\(pointer)/scale", "expected a positive number within the range of 32-bit floats")
        }
        parts.scale = scale
      case let name where name.isIgnored: try scanner.skipValue()
      case let name: throw .unknown(name.string, at: pointer, among: Self.partNames)
      }
    }
    return parts
  }

  private func type(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> PackedType {
    guard try scanner.peek() == UInt8(ascii: "\"") else {
      throw .invalid("\(pointer)/dtype", "expected one of \(PackedType.names)")
    }
    let text = try scanner.string()
    if let type = PackedType(scanner.name(text)) { return type }
    throw .invalid("\(pointer)/dtype", "expected one of \(PackedType.names)", got: scanner.text(of: text))
  }

  private func shape(_ scanner: inout JSONScanner, _ pointer: String) throws(WireError) -> Shape {
    guard try scanner.peek() == UInt8(ascii: "[") else { throw notAShape(pointer) }
    var shape: Shape?
    var array = try scanner.beginArray()
    while try scanner.nextElement(of: &array) {
      guard shape?.rows == nil, let size = try scanner.takeInteger(), size >= 0 else { throw notAShape(pointer) }
      shape = Shape(rows: shape?.columns, columns: Int(size))
    }
    guard let shape else { throw notAShape(pointer) }
    return shape
  }

  private func notAShape(_ pointer: String) -> WireError {
    .invalid("\(pointer)/shape", "expected [vectors, numbers a vector]")
  }

  private func setShape(
    _ shape: Shape?, many: Bool, bytes: Int, _ type: PackedType, _ pointer: String, _ buffer: VectorBuffer
  ) throws(WireError) {
    guard bytes % type.bytes == 0 else {
      throw .invalid(
        "\(pointer)/b64", "the bytes are no whole number of \(type.rawValue) numbers", got: "\(bytes) bytes")
    }
    if many, shape?.rows == nil { throw notAShape(pointer) }
    let rows = shape?.rows ?? 1
    let columns = shape?.columns ?? bytes / type.bytes
    guard many || rows == 1 else {
      throw .invalid("\(pointer)/shape", "expected one vector; use `vectors` for several", got: "\(rows) vectors")
    }
    // The limits come first: below them the product cannot overflow.
    guard rows <= limits.vectors else { throw tooManyVectors(pointer) }
    guard columns <= limits.dimension else { throw tooManyNumbers(pointer) }
    guard rows * columns * type.bytes == bytes else {
      throw .invalid("\(pointer)/shape", "the shape needs \(rows * columns * type.bytes) bytes", got: "\(bytes) bytes")
    }
    buffer.count = rows
    buffer.dimension = columns
  }
}
