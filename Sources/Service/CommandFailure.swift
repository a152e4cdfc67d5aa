import Catalogue
import WireProtocol

/// Why a command could not be done, in words of the command line.
public struct CommandFailure: Error, CustomStringConvertible, Sendable {
  /// What happened and what to do.
  public let description: String
  /// After sysexits.
  public let exitCode: Int32

  /// A failure.
  public init(_ description: String, exitCode: Int32) {
    (self.description, self.exitCode) = (description, exitCode)
  }
}

extension CommandFailure {
  /// What was to be read could not be.
  public static func reading(_ file: String, _ error: any Error) -> CommandFailure {
    let error = CatalogueError.naming(error, file: file)
    if case .missing = error { return CommandFailure("\(file): there is no such file; check the path", exitCode: 66) }
    return CommandFailure(error.description, exitCode: error.exitCode)
  }
}

/// Where the parameters of a request came from on a command line, so that what is wrong with one is said of that.
public struct CommandWords: Sendable {
  /// Parameters that are arguments and no options, and what they are called.
  private let arguments: [String: String]
  /// The file and the lines of a list of items.
  private let lines: (file: String, numbers: [Int])?

  /// Parameters that are options, apart from some.
  ///
  /// - Parameters:
  ///   - arguments: Those that are arguments, by the names of parameters: `["member": "<member>"]`.
  ///   - items: Where the lines of a list of items stand.
  public init(arguments: [String: String] = [:], items: ItemLines? = nil) {
    self.arguments = arguments
    lines = items.map { ($0.file, $0.numbers) }
  }

  /// The same failure in words of the command line.
  func failure(for error: WireError) -> CommandFailure {
    let got = error.got.map { " (got \($0))" } ?? ""
    let place = place(of: error.pointer).map { $0 + ": " } ?? ""
    return CommandFailure(
      place + Self.words(error.message) + got, exitCode: ServiceFailure.exitCode(for: error))
  }

  /// What stands at a place of the request: `--valid-from` for `/params/valid_from`, `line 3 of FILE, vector` for `/params/items/2/vector`.
  private func place(of pointer: String?) -> String? {
    var parts = (pointer ?? "").split(separator: "/").map(String.init)
    guard parts.first == "params" else { return parts.last }
    parts.removeFirst()
    if parts.first == "items", let lines {
      guard parts.count > 1, let index = Int(parts[1]), lines.numbers.indices.contains(index) else { return lines.file }
      let field = parts.dropFirst(2).joined(separator: ".")
      return "\(lines.file), line \(lines.numbers[index])" + (field.isEmpty ? "" : ", \(field)")
    }
    // A use is an object in a request, and its members are options.
    if parts.count > 1, parts.first == "use" { parts.removeFirst() }
    guard let name = parts.first else { return nil }
    if let argument = arguments[name] { return argument }
    let option = ["uses": "use", "territories": "territory"][name] ?? name.replacing("_", with: "-")
    let rest = parts.drop { $0 != name }.dropFirst().filter { Int($0) == nil || name == "filter" }
    return "--\(option)" + (name == "filter" && !rest.isEmpty ? " at /" + rest.joined(separator: "/") : "")
  }

  /// What a message tells programs to send, as people give it.
  private static func words(_ message: String) -> String {
    let pairs = [
      ("send confirm: true", "give --confirm"), ("send cascade: true", "give --cascade"),
      ("leave strict out", "leave --strict out"), ("without cursor", "without --cursor"),
      ("; send several requests", "; give them in several files"), ("send it again", "try again"),
    ]
    return pairs.reduce(message) { $0.replacing($1.0, with: $1.1) }
  }
}
