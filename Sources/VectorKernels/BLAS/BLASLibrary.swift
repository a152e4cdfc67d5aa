import Glibc

/// The BLAS library that this process has loaded.
///
/// The package links the standard names; which library stands behind them is the system's choice. The reference one is right
/// but some forty times slower than a tuned one, so a service says which one it got.
public enum BLASLibrary {
  /// The libraries that can be told apart.
  public enum Implementation: Sendable, Equatable {
    /// OpenBLAS, with its own description: version, options, processor core.
    case openBLAS(configuration: String)
    /// The reference library, or one that is not known here.
    case reference
  }

  /// The library in force.
  public static let implementation: Implementation = {
    // SAFETY: OpenBLAS declares this function with this type; the text it returns is static.
    guard let address = unsafe symbol("openblas_get_config") else { return .reference }
    typealias Configuration = @convention(c) () -> UnsafePointer<CChar>?
    let configuration = unsafe unsafeBitCast(address, to: Configuration.self)()
    return unsafe .openBLAS(configuration: configuration.map { unsafe String(cString: $0) } ?? "")
  }()

  /// Whether products are computed by the slow reference library.
  public static var isReference: Bool {
    implementation == .reference
  }

  /// One line for a person: the library, its version and what it was built for.
  public static var summary: String {
    switch implementation {
    case .openBLAS(let configuration): configuration.isEmpty ? "OpenBLAS" : configuration
    case .reference: "reference BLAS (slow); install libopenblas0-pthread"
    }
  }

  /// How many threads one product may use; nil where the library does not say.
  public static var threadCount: Int? {
    // SAFETY: OpenBLAS declares this function with this type.
    guard let address = unsafe symbol("openblas_get_num_threads") else { return nil }
    typealias Getter = @convention(c) () -> CInt
    return Int(unsafe unsafeBitCast(address, to: Getter.self)())
  }

  /// Sets how many threads one product may use, for the whole process.
  ///
  /// Callers that run products on workers of their own set 1, so that the two do not multiply. Call it before products run.
  ///
  /// - Parameter count: At least 1.
  /// - Returns: Whether the library has such a setting.
  @discardableResult
  public static func setThreadCount(_ count: Int) -> Bool {
    precondition(count >= 1 && count <= Int(Int32.max), "a number of threads out of range")
    // SAFETY: OpenBLAS declares this function with this type.
    guard let address = unsafe symbol("openblas_set_num_threads") else { return false }
    typealias Setter = @convention(c) (CInt) -> Void
    unsafe unsafeBitCast(address, to: Setter.self)(CInt(count))
    return true
  }

  /// Looks a name up among the libraries of this process.
  static func symbol(_ name: String) -> UnsafeMutableRawPointer? {
    // SAFETY: a null handle means all libraries that are loaded; they stay loaded.
    unsafe dlsym(nil, name)
  }
}
