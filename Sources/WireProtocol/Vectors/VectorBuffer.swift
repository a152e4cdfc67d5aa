/// The vectors of one request: decoded once, into memory that is kept from request to request.
///
/// - Concurrency: Belongs to one thread at a time.
@safe
public final class VectorBuffer: @unchecked Sendable {
  private var memory: UnsafeMutableBufferPointer<Float>
  /// How many numbers fit without growing; a buffer that once held a large request may be better let go.
  public var capacity: Int {
    // SAFETY: reads a count.
    unsafe memory.count
  }

  /// How many vectors there are.
  public internal(set) var count = 0
  /// Numbers a vector.
  public internal(set) var dimension = 0
  /// Whether the caller sent integers without saying what they stand for: fine where only the direction counts.
  public internal(set) var isUnscaledInteger = false
  /// Whether the caller sent several vectors, even if it is one: decides what a place in the request is called.
  public internal(set) var isMany = false

  /// An empty buffer.
  public init() {
    // SAFETY: freed in deinit and when the buffer grows.
    unsafe memory = Self.allocate(1024)
  }

  deinit {
    // SAFETY: allocated by `allocate`.
    unsafe memory.deallocate()
  }

  /// All numbers, one vector after another.
  ///
  /// - Parameter body: Gets them for as long as it runs.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public func withNumbers<Result, Failure: Error>(_ body: (Span<Float>) throws(Failure) -> Result) throws(Failure)
    -> Result
  {
    // SAFETY: count × dimension numbers were written by the decoder.
    try body(unsafe Span(_unsafeStart: UnsafePointer(start), count: count * dimension))
  }

  /// Adds all numbers to others.
  public func appendNumbers(to array: inout [Float]) {
    withNumbers { numbers in
      // SAFETY: copied while they are lent.
      unsafe numbers.withUnsafeBufferPointer { unsafe array.append(contentsOf: $0) }
    }
  }

  /// The JSON pointer of one vector in its request.
  public func pointer(to vector: Int) -> String {
    isMany ? "/params/vectors/\(vector)" : "/params/vector"
  }

  func reset() {
    count = 0
    dimension = 0
    isUnscaledInteger = false
    isMany = false
  }

  // MARK: Writing

  /// Where the numbers begin.
  @inline(__always)
  var start: UnsafeMutablePointer<Float> {
    // SAFETY: the memory is never empty; whoever writes to it has reserved what is written.
    unsafe memory.baseAddress.unsafelyUnwrapped
  }

  /// Makes room for numbers; what was written stays.
  @inline(__always)
  func reserve(_ numbers: Int) {
    // SAFETY: reads a count.
    if unsafe numbers > memory.count { grow(to: numbers) }
  }

  /// A number by its place among all of them, for which room was made.
  @inline(__always)
  subscript(index: Int) -> Float {
    get {
      precondition(unsafe memory.indices.contains(index))
      // SAFETY: all of the memory is initialised.
      return unsafe memory[index]
    }
    set {
      precondition(unsafe memory.indices.contains(index))
      // SAFETY: as above.
      unsafe memory[index] = newValue
    }
  }

  /// Reads elements of an array for as long as they have the usual form.
  ///
  /// - Parameters:
  ///   - scanner: Stands before an element.
  ///   - index: The place of the first.
  ///   - limit: The most to read.
  /// - Returns: How many were read.
  @inline(__always)
  func readUsualNumbers(_ scanner: inout JSONScanner, from index: Int, limit: Int) -> Int {
    precondition(unsafe index >= 0 && limit >= 0 && index + limit <= memory.count)
    // SAFETY: there is room for `limit` numbers from `index` on.
    return unsafe scanner.usualFloats(into: start + index, limit: limit)
  }

  @inline(never)
  private func grow(to numbers: Int) {
    let larger = unsafe Self.allocate(max(numbers, memory.count * 2))
    // SAFETY: the old memory is copied before it is freed.
    _ = unsafe larger.update(fromContentsOf: memory)
    unsafe memory.deallocate()
    unsafe memory = larger
  }

  private static func allocate(_ numbers: Int) -> UnsafeMutableBufferPointer<Float> {
    // SAFETY: all of it is initialised here.
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: numbers * 4, alignment: 64)
    let memory = unsafe raw.bindMemory(to: Float.self)
    unsafe memory.initialize(repeating: 0)
    return unsafe memory
  }
}
