import Foundation

/// A bell between threads that a thread can wait for beside other descriptors.
///
/// A pipe of ours and not Foundation's, which ends the process when descriptors run out.
final class WakePipe: Sendable {
  /// Becomes readable when the bell was rung.
  let waiting: Int32
  /// Where a byte rings the bell; the one thing that a signal handler may touch.
  let ringing: Int32

  /// Makes a bell.
  ///
  /// - Throws: ``StreamError`` where too many files are open.
  init() throws(StreamError) {
    var ends: [Int32] = [0, 0]
    // SAFETY: the call fills the two numbers of the array.
    guard unsafe pipe(&ends) == 0 else { throw .noDescriptors }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (waiting, ringing) = (ends[0], ends[1])
  }

  deinit {
    close(waiting)
    close(ringing)
  }

  /// Rings, from any thread.
  func ring() { Self.ring(ringing) }

  /// Rings a bell by its descriptor, in a signal handler too.
  static func ring(_ descriptor: Int32) {
    let code = errno
    var byte: UInt8 = 0
    // SAFETY: the call reads the one byte.
    _ = unsafe write(descriptor, &byte, 1)
    errno = code
  }

  /// Waits for the bell, and takes one ring.
  func wait() {
    var byte: UInt8 = 0
    // SAFETY: the call writes at most the one byte.
    while unsafe read(waiting, &byte, 1) < 0, errno == EINTR {}
  }
}
