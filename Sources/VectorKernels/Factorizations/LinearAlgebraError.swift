/// A factorisation that could not be computed.
public enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
  /// The matrix holds an infinity or a NaN.
  case notFinite
  /// The matrix, or the workspace that LAPACK asks for, is larger than its 32-bit sizes can say.
  case tooLarge(rows: Int, columns: Int)
  /// LAPACK's iteration did not converge; `info` is its positive report.
  case notConverged(routine: String, info: Int)
  /// LAPACK refused its argument number -`info`.
  case refused(routine: String, info: Int)

  /// What went wrong, and what to do about it.
  public var description: String {
    switch self {
    case .notFinite:
      "the matrix holds an infinity or a NaN; check the vectors it is made of"
    case .tooLarge(let rows, let columns):
      "a \(rows) × \(columns) matrix is too large for LAPACK; use fewer dimensions or a sample of the rows"
    case .notConverged(let routine, let info):
      "\(routine) did not converge (info \(info)); check the vectors for extreme values"
    case .refused(let routine, let info):
      "\(routine) refused an argument (info \(info)); check which LAPACK library is installed"
    }
  }

  /// Nil where LAPACK reports success.
  init?(routine: String, info: Int32) {
    switch info {
    case 0: return nil
    case 1...: self = .notConverged(routine: routine, info: Int(info))
    default: self = .refused(routine: routine, info: Int(info))
    }
  }
}
