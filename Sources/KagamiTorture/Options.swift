import Foundation

/// What the command line says.
struct Options {
  var seconds = 60.0
  var seed = UInt64.random(in: 1...999_999_999)
  var json: String?
  var engine = ".build/release/kagami"
  var shimSource = "Sources/CFaultShim"
  var keepsFiles = false
  var phases = Phase.allCases

  /// A part of the run, which takes a share of the time.
  enum Phase: String, CaseIterable {
    case crash, hands, readers, relay, rivals, points, making, corrupt, forged, planted, limits
    case plantedHands = "planted-hands"
  }

  static let usage = """
    usage: kagami-torture [--seconds N] [--seed N] [--json FILE] [--engine FILE] [--shim FOLDER] [--phases crash,points,…] [--keep]
    """

  /// Reads arguments.
  ///
  /// - Throws: `Refusal` with the usage.
  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      if name == "--keep" {
        keepsFiles = true
        continue
      }
      guard let value = rest.popFirst() else { throw Refusal(Self.usage) }
      switch name {
      case "--seconds": seconds = try Self.number(value)
      case "--seed": seed = try Self.number(value)
      case "--json": json = value
      case "--engine": engine = value
      case "--shim": shimSource = value
      case "--phases":
        phases = try value.split(separator: ",").map { name in
          guard let phase = Phase(rawValue: String(name)) else { throw Refusal(Self.usage) }
          return phase
        }
      default: throw Refusal(Self.usage)
      }
    }
    engine = URL(fileURLWithPath: engine).path
    shimSource = URL(fileURLWithPath: shimSource).path
  }

  private static func number<Number: LosslessStringConvertible>(_ text: String) throws -> Number {
    guard let number = Number(text) else { throw Refusal(usage) }
    return number
  }
}

/// Why the harness cannot go on.
struct Refusal: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
