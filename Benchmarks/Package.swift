// swift-tools-version: 6.2
import PackageDescription

let engine = Target.Dependency.product(name: "KagamiEngine", package: "kagami")
let client = Target.Dependency.product(name: "KagamiClient", package: "kagami")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "kagami-benchmarks",
  dependencies: [
    .package(name: "kagami", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
  ],
  targets: [
    .target(name: "CAllocationCounter"),
    .target(name: "BenchmarkSupport", dependencies: ["CAllocationCounter"]),
    .target(name: "SweepResults"),
    .executableTarget(name: "ExactSearchBenchmark", dependencies: [engine, "BenchmarkSupport"]),
    .executableTarget(name: "KernelBenchmark", dependencies: [engine, "BenchmarkSupport"]),
    .executableTarget(name: "WireBenchmark", dependencies: [engine, "BenchmarkSupport"]),
    .executableTarget(name: "PipeBenchmark", dependencies: [engine, client, "BenchmarkSupport"]),
    .executableTarget(
      name: "SweepBenchmark", dependencies: [engine, "BenchmarkSupport", "SweepResults", argumentParser]),
  ]
)
