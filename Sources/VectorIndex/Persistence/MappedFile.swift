#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file seen as memory, read-only and shared with every process that maps it.
///
/// The mapping may be longer than the file: pages appear as the file grows, so that a growing file is mapped once. Whoever reads
/// knows how many bytes are there (reading further is a bus error, which nothing can turn into a message).
@safe
public final class MappedFile: @unchecked Sendable {
  /// The first byte, page aligned.
  ///
  /// Valid as long as this object lives.
  public let base: UnsafeRawPointer
  /// Bytes of address space, not of file.
  public let capacity: Int
  /// Where the file lies.
  public let path: String

  /// Maps `capacity` bytes of a file from its beginning.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - capacity: Bytes to map, more than 0.
  ///   - needed: Bytes that the file must have now.
  /// - Throws: `IndexError.missing`, `.damaged` where the file is too short, `.outOfMemory`, `.io`.
  public convenience init(path: String, capacity: Int, needed: Int) throws(IndexError) {
    precondition(capacity > 0 && needed <= capacity)
    let descriptor = try MappedFile.openForReading(path)
    defer { close(descriptor) }
    try MappedFile.check(descriptor, path: path, needed: needed)
    try self.init(descriptor, capacity: capacity, path: path)
  }

  /// Maps all of a file that does not change any more.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - minimum: Bytes that it has at least, more than 0.
  /// - Throws: `IndexError.missing`, `.damaged` where the file is too short, `.outOfMemory`, `.io`.
  public convenience init(wholeOf path: String, minimum: Int) throws(IndexError) {
    precondition(minimum > 0)
    let descriptor = try MappedFile.openForReading(path)
    defer { close(descriptor) }
    let length = try MappedFile.length(of: descriptor, path: path)
    guard length >= minimum else {
      throw .damaged(file: path, reason: "has \(length) bytes, too few for its header")
    }
    try self.init(descriptor, capacity: length, path: path)
  }

  /// Checks that a mapped file has become as long as it must be.
  ///
  /// - Parameter needed: Bytes that the file must have now.
  /// - Throws: `IndexError.missing`, `.damaged` where the file is too short, `.io`.
  func checkLength(_ needed: Int) throws(IndexError) {
    precondition(needed <= capacity)
    let descriptor = try MappedFile.openForReading(path)
    defer { close(descriptor) }
    try MappedFile.check(descriptor, path: path, needed: needed)
  }

  /// Checks that an open file is long enough.
  ///
  /// - Throws: `IndexError.damaged`, `.io`.
  static func check(_ descriptor: Int32, path: String, needed: Int) throws(IndexError) {
    let length = try length(of: descriptor, path: path)
    guard length >= needed else {
      throw .damaged(file: path, reason: "has \(length) bytes where the catalogue's rows need \(needed)")
    }
  }

  private init(_ descriptor: Int32, capacity: Int, path: String) throws(IndexError) {
    // SAFETY: a fresh mapping at an address of the system's choice; it is unmapped in deinit and nowhere else.
    guard let address = unsafe mmap(nil, capacity, PROT_READ, MAP_SHARED, descriptor, 0), unsafe address != MAP_FAILED
    else {
      let code = errno
      if code == ENOMEM { throw .outOfMemory(bytes: capacity, purpose: "mapping \(path)") }
      throw SystemCall.error(code, "map", path)
    }
    unsafe base = UnsafeRawPointer(address)
    self.capacity = capacity
    self.path = path
  }

  private static func openForReading(_ path: String) throws(IndexError) -> Int32 {
    // SAFETY: the system reads the bridged, terminated path during the call.
    try SystemCall.retrying("open", path) { unsafe open(path, O_RDONLY | O_CLOEXEC) }
  }

  deinit {
    // SAFETY: mapped in init with this length; nobody holds a pointer into it beyond this object's life.
    unsafe munmap(UnsafeMutableRawPointer(mutating: base), capacity)
  }

  /// The length of an open file.
  static func length(of descriptor: Int32, path: String) throws(IndexError) -> Int {
    var status = stat()
    // SAFETY: the call fills the one struct that it is given.
    guard unsafe fstat(descriptor, &status) == 0 else { throw SystemCall.error(errno, "stat", path) }
    return Int(status.st_size)
  }
}
