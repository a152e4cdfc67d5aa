/// Numbers that never change any more, shared by whoever holds the block: in memory of its own, or in a map that it keeps alive.
@safe
final class MemoryBlock<Element: BitwiseCopyable>: @unchecked Sendable {
  /// Where the numbers lie; valid as long as the block lives.
  let base: UnsafePointer<Element>
  /// How many there are.
  let count: Int
  private let owner: Owner

  private enum Owner: ~Copyable {
    case buffer(AlignedBuffer<Element>)
    case object(AnyObject)
  }

  /// Takes over a buffer that has been filled.
  init(_ buffer: consuming AlignedBuffer<Element>) {
    // SAFETY: the buffer lives in `owner`, as long as this block does.
    unsafe base = UnsafePointer(buffer.base)
    count = buffer.count
    owner = .buffer(buffer)
  }

  /// Shows numbers in memory that `owner` keeps alive and unchanged.
  init(_ base: UnsafePointer<Element>, count: Int, owner: AnyObject) {
    // SAFETY: the caller says that the memory is valid as long as `owner` lives, which this block holds.
    unsafe self.base = base
    self.count = count
    self.owner = .object(owner)
  }

  /// The bytes of the block, for writing it to a file.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    // SAFETY: the block outlives the call.
    unsafe body(UnsafeRawBufferPointer(start: base, count: count * MemoryLayout<Element>.stride))
  }

  /// A number, checked.
  subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count)
    // SAFETY: checked on the line above.
    return unsafe base[index]
  }
}

extension MemoryBlock {
  /// A block with the numbers of an array.
  convenience init(copying numbers: [Element]) {
    let buffer = AlignedBuffer<Element>(zeroed: numbers.count)
    // SAFETY: the buffer has one place for each number.
    for (index, number) in numbers.enumerated() { unsafe buffer.base[index] = number }
    self.init(buffer)
  }

  /// A block of numbers in a mapped file.
  convenience init(_ array: MappedArray<Element>) where Element: Sendable {
    // SAFETY: the map keeps the numbers, which never change, in place.
    unsafe self.init(array.base, count: array.count, owner: array.map)
  }

  /// Lends the numbers.
  func withSpan<Result, Failure: Error>(_ body: (Span<Element>) throws(Failure) -> Result) throws(Failure) -> Result {
    // SAFETY: the block has `count` numbers and outlives the call.
    try unsafe body(Span(_unsafeStart: base, count: count))
  }

  /// The numbers as an array.
  var numbers: [Element] {
    // SAFETY: the block has `count` numbers and outlives the call.
    unsafe Array(UnsafeBufferPointer(start: base, count: count))
  }
}

extension MemoryBlock<UInt32> {
  /// A block with the edges that a table has now.
  convenience init(copying table: borrowing EdgeTable) {
    let total = table.count * table.maxDegree
    let buffer = AlignedBuffer<UInt32>(zeroed: total)
    // SAFETY: both have `total` places.
    unsafe buffer.base.update(from: table.buffer.base, count: total)
    self.init(buffer)
  }
}
