/// Turns LAPACK's answer to a workspace query into a size.
///
/// The answer comes as a float, which cannot hold a large whole number exactly and may lie below it; the next float does not.
///
/// - Parameters:
///   - answer: What the routine wrote to the first number of its workspace.
///   - minimum: The least that its documentation allows.
/// - Returns: Nil where the size does not fit LAPACK's 32 bits.
func workspaceSize(answer: Float, minimum: Int) -> Int? {
  guard answer.isFinite, answer.nextUp < Float(Int32.max) else { return nil }
  let size = max(Int(answer.nextUp.rounded(.up)), minimum, 1)
  return size <= Int(Int32.max) ? size : nil
}
