// swift-tools-version: 6.2
import PackageDescription

let engine = Target.Dependency.product(name: "KagamiEngine", package: "kagami")
let client = Target.Dependency.product(name: "KagamiClient", package: "kagami")

let package = Package(
  name: "kagami-benchmarks",
  dependencies: [.package(name: "kagami", path: "..")],
  targets: [
    .target(name: "BenchmarkSupport"),
    .executableTarget(name: "ExactSearchBenchmark", dependencies: [engine, "BenchmarkSupport"]),
    .executableTarget(name: "WireBenchmark", dependencies: [engine, "BenchmarkSupport"]),
    .executableTarget(name: "PipeBenchmark", dependencies: [engine, client, "BenchmarkSupport"]),
  ]
)
