// The shapes of the C kernels for walks over a graph. None keeps a pointer, allocates or fails.

/// The ordinals of a list whose marks are not a generation, which they then get: marks, limit, generation, list, count, out.
///
/// The list ends before the first ordinal that is not below the limit. `out` has room for as many ordinals as the list. Returns how many there are.
public typealias TakeNewKernel =
  @convention(c) (
    UnsafeMutablePointer<UInt8>, UInt32, UInt8, UnsafePointer<UInt32>, Int, UnsafeMutablePointer<UInt32>
  ) -> Int

/// The entries of the rows whose ranks are below a limit: ranks, ordinals, count, limit, out.
///
/// An entry orders rows by rank and then by ordinal: the rank's bits, turned over so that they compare as integers do, in the upper half,
/// then the ordinal in 31 bits, then a bit for the caller. `out` has room for count + 16 entries. Returns how many there are.
public typealias SelectEntriesKernel =
  @convention(c) (
    UnsafePointer<Float>, UnsafePointer<UInt32>, Int, Float, UnsafeMutablePointer<UInt64>
  ) -> Int

/// An entry put among ascending ones: entries, count, entry.
///
/// There is room for one more. Returns its place.
public typealias InsertEntryKernel = @convention(c) (UnsafeMutablePointer<UInt64>, Int, UInt64) -> Int
