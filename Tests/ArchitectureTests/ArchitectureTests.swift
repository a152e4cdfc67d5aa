import Foundation
import Testing

/// Holds the sources to the rules of the house.
@Suite struct ArchitectureTests {
  @Test func everyModuleIsOnThePlan() {
    #expect(SourceFile.all.count > 30)
    #expect(Set(SourceFile.all.map(\.module)).isSubset(of: House.arrows.keys))
  }

  @Test(arguments: SourceFile.all)
  func importsFollowTheArrows(_ file: SourceFile) {
    let allowed = House.arrows[file.module] ?? []
    for name in file.imports where name != file.module {
      if House.arrows[name] != nil {
        #expect(allowed.contains(name), "\(file.testDescription) imports \(name)")
      } else {
        #expect(House.reserved[name]?.contains(file.module) ?? false, "\(file.testDescription) imports \(name)")
      }
    }
  }

  @Test(arguments: SourceFile.all)
  func unsafeCodeStaysInsideItsFence(_ file: SourceFile) {
    let lines = file.lineNumbers(matching: /\bunsafe\b/)
    guard House.fence[file.module]?.contains(file.name) ?? false else {
      #expect(lines.isEmpty, "\(file.testDescription) has unsafe code in lines \(lines)")
      return
    }
    #expect(!lines.isEmpty, "\(file.testDescription) needs no fence any more")
    let unexplained = lines.filter { !isExplained($0, in: file) }
    #expect(
      unexplained.isEmpty, "\(file.testDescription): no SAFETY line explains the unsafe code of lines \(unexplained)")
  }

  /// Whether a SAFETY comment speaks for a line: in the member that it belongs to, above its type or extension, or for the whole file.
  private func isExplained(_ line: Int, in file: SourceFile) -> Bool {
    func isSafety(_ text: String) -> Bool { text.contains(/^ *\/\/ SAFETY( \([a-z ]+\))?:/) }
    if file.lines.contains(where: { $0.contains(/^\/\/ SAFETY \(whole (?:file|class)\):/) }) { return true }
    func indent(_ at: Int) -> Int? {
      file.code[at].allSatisfy(\.isWhitespace) ? nil : file.code[at].prefix { $0 == " " }.count
    }
    // A member of a type stands at two spaces, a free function at none; it begins after the last line that closes its predecessor.
    let member =
      file.code[..<line].lastIndex {
        $0.contains(/^(?:  )?[a-z@]/) && !$0.contains(/^(?:  )?(?:guard|if|for|while|return)\b/)
      } ?? 0
    let type = file.code[..<line].lastIndex { $0.contains(/^[a-z@]/) } ?? 0
    func comment(above start: Int) -> Range<Int> {
      let first = file.lines[..<start].lastIndex { !$0.contains(/^ *(?:\/\/|@|#)/) } ?? -1
      return first + 1..<start
    }
    let end = file.code[line...].firstIndex { $0.contains(/^(?:  )?}/) } ?? file.code.count
    return [comment(above: member), member..<end, comment(above: type)].contains { range in
      file.lines[range].contains(where: isSafety)
    }
  }

  @Test(arguments: SourceFile.all)
  func nothingTrapsOnInput(_ file: SourceFile) {
    let lines = file.lineNumbers(
      matching: /\btry!|\bas!|\bfatalError\(|\bassertionFailure\(|\bunsafeDowncast\b/)
    #expect(lines.isEmpty, "\(file.testDescription) may end the process in lines \(lines)")
  }

  @Test(arguments: SourceFile.all)
  func onlyTheWriterPrints(_ file: SourceFile) {
    guard !House.printers.contains(file.name) else { return }
    let lines = file.lineNumbers(matching: /(?:^|[^.\w])(?:print|debugPrint|dump|puts|printf)\(/)
    #expect(lines.isEmpty, "\(file.testDescription) prints in lines \(lines)")
  }

  /// The core is synchronous, and everything it depends on is a parameter.
  @Test(arguments: SourceFile.all.filter { $0.module == "VectorIndex" })
  func theCoreHasNoClockNoEnvironmentAndNoGlobalState(_ file: SourceFile) {
    let lines = file.lineNumbers(
      matching: /\basync\b|\bawait\b|\bContinuousClock\b|\bclock_gettime\b|\bgetenv\b|\bstatic var \w+\b[^{]*(?:=|$)/)
    #expect(lines.isEmpty, "\(file.testDescription) in lines \(lines)")
  }
}
