import Catalogue
import Testing

@Suite struct CatalogueErrorTests {
  static let all: [(CatalogueError, Int32)] = [
    (.missing(path: "/a/b"), 66), (.notACatalogue(path: "/a/b", reason: "r"), 65),
    (.newer(file: "/a/b", format: 3, supported: 1), 65), (.damaged(file: "/a/b", reason: "r"), 65),
    (.exists(path: "/a/b"), 73), (.cannotCreate(path: "/a/b", reason: "r"), 73),
    (.locked(path: "/a/b", pid: 12, since: "now"), 75), (.readOnly(path: "/a/b"), 77),
    (.permissionDenied(file: "/a/b", reason: "r"), 77), (.full(file: "/a/b"), 74), (.busy(file: "/a/b"), 75),
    (.io(file: "/a/b", reason: "r"), 74), (.invalid(subject: "/a/b", reason: "r"), 65),
  ]

  @Test(arguments: all)
  func `Every error names its file and has an exit code`(error: CatalogueError, exitCode: Int32) {
    #expect(error.description.hasPrefix("/a/b: "))
    #expect(error.description.hasSuffix("."))
    #expect(error.exitCode == exitCode)
  }

  @Test func `A lock says who has it`() {
    let known = CatalogueError.locked(path: "/a", pid: 12, since: "2026-01-01T00:00:00Z").description
    #expect(known.contains("process 12 (since 2026-01-01T00:00:00Z)"))
    #expect(CatalogueError.locked(path: "/a", pid: nil, since: nil).description.contains("another process"))
  }
}
