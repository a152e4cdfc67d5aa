#if KAGAMI_THREAD_SANITIZER
  import VectorIndex

  /// One name stands for one type where both the library's and the stand-in could be meant.
  typealias Mutex = VectorIndex.Mutex
#endif
