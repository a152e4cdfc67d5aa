// swift-tools-version: 6.2
import PackageDescription

/// Unsafe code is fenced: an unsafe expression that is not marked `unsafe` is an error.
let fenced: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

/// A module and the test target that mirrors it.
///
/// `imports` are the module's arrows: what it may import of ours and of others. ArchitectureTests holds the sources to them.
/// `fixtures` are folders of the test target that its tests read where they lie.
func module(
  _ name: String, imports: [Target.Dependency] = [], tests: [Target.Dependency] = [], fixtures: [String] = []
) -> [Target] {
  [
    .target(name: name, dependencies: imports, swiftSettings: fenced),
    .testTarget(
      name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + imports + tests, exclude: fixtures),
  ]
}

let package = Package(
  name: "kagami",
  products: [
    .executable(name: "kagami", targets: ["kagami"]),
    .library(name: "KagamiClient", targets: ["KagamiClient"]),
    .library(
      name: "KagamiEngine",
      targets: ["VectorKernels", "VectorIndex", "VectorFiles", "WireProtocol", "Catalogue", "Evidence", "Service"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
  ],
  targets: [
    .systemLibrary(name: "CBLAS", providers: [.apt(["libblas-dev", "liblapack-dev"])]),
    .target(name: "CVectorKernels"),
    .target(name: "CProcessStart"),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "ArchitectureTests"),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "TestSupport", "WireProtocol", "VectorFiles", "VectorIndex", "VectorKernels", "Catalogue", "Service", grdb,
      ], path: "Tests/FuzzTargets"),
    // Not a product: `make fuzz` builds it with libFuzzer.
    .executableTarget(
      name: "kagami-fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz", exclude: ["corpus", "fuzz.sh"]),
    .testTarget(name: "FuzzTests", dependencies: ["TestSupport", "FuzzTargets"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["TestSupport", "KagamiClient", "kagami", "kagami-torture", "scanner-example"],
      resources: [.copy("Transcripts")]),
    .executableTarget(
      name: "kagami-demo", dependencies: ["KagamiClient", "VectorFiles"], path: "Sources/KagamiDemo",
      swiftSettings: fenced),
    // The program of the page "Write a scanner in ten minutes", as it stands there.
    .executableTarget(
      name: "scanner-example", dependencies: ["KagamiClient", "VectorFiles"], path: "Sources/ScannerExample",
      swiftSettings: fenced),
    // Not a product: it breaks catalogues on purpose.
    .executableTarget(name: "kagami-torture", path: "Sources/KagamiTorture", swiftSettings: fenced),
    .executableTarget(
      name: "kagami",
      dependencies: ["CProcessStart", "Service", "Catalogue", "SampleData", "VectorFiles", argumentParser],
      swiftSettings: fenced),
  ]
    + module("KagamiClient", imports: [subprocess, system])
    + module("VectorKernels", imports: ["CVectorKernels", "CBLAS"])
    + module("VectorIndex", imports: ["VectorKernels"], fixtures: ["Fixtures"])
    + module("WireProtocol")
    + module("VectorFiles", imports: ["WireProtocol"])
    + module("Catalogue", imports: [grdb])
    + module("Evidence")
    + module("SampleData", imports: ["VectorFiles"])
    + module(
      "Service",
      imports: ["VectorIndex", "VectorKernels", "VectorFiles", "Catalogue", "Evidence", "WireProtocol", histogram])
)
