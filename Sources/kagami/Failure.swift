import ArgumentParser
import Service

/// Turns errors into a sentence on standard error and the exit code that belongs to it.
enum Failure {
  /// Runs `body`; an error is reported and ends the command.
  ///
  /// - Parameters:
  ///   - need: What it takes of an address space that is limited.
  ///   - body: What the command does.
  /// - Returns: What `body` returns.
  /// - Throws: An exit code after sysexits.
  static func reporting<Result>(
    needing need: @autoclosure () -> AddressSpace.Need = .command, _ body: () throws -> Result
  ) throws -> Result {
    do {
      try AddressSpace.prepare(for: need())
      return try body()
    } catch let code as ExitCode {
      throw code
    } catch let failure as OutputFailure {
      throw failure
    } catch {
      Output.note("kagami: \(ServiceFailure.message(for: error))")
      throw ExitCode(ServiceFailure.exitCode(for: error))
    }
  }
}
