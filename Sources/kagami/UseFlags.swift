import ArgumentParser
import Service

/// A use of what is found, for commands that say whether it is permitted.
struct UseFlags: ParsableArguments {
  @Option(help: "Who uses what is found: hits then say whether that is permitted.")
  var licensee: String?

  @Option(help: "What for: training, generation, display, distribution or another name.")
  var use: String?

  @Option(help: ArgumentHelp("Where, as a code of ISO 3166-1, or worldwide.", valueName: "code"))
  var territory: String?

  @Option(help: ArgumentHelp("When it is used.", valueName: "time"))
  var at: String?

  @Option(help: ArgumentHelp("The moment whose knowledge counts. Default: all that is recorded.", valueName: "time"))
  var asKnownAt: String?

  func validate() throws {
    let given = [licensee, use, territory, at]
    guard given.contains(where: { $0 != nil }) || asKnownAt != nil else { return }
    guard given.allSatisfy({ $0 != nil }) else {
      throw ValidationError("A use needs --licensee, --use, --territory and --at.")
    }
  }

  /// The same for a search; nil where none is named.
  var chosen: UseOptions? {
    guard let licensee, let use, let territory, let at else { return nil }
    var options = UseOptions(licensee: licensee, use: use, territory: territory, at: at)
    options.asKnownAt = asKnownAt
    return options
  }
}
