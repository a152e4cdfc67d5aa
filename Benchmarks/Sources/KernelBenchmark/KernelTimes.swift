import BenchmarkSupport
import VectorKernels

/// Nanoseconds a distance of 512 numbers, by the kernels of one instruction set; a few rows, all in the first cache.
struct KernelTimes {
  private let kernels: DistanceKernels
  private let dimension = 512
  private let rows = 8
  private let query = AlignedMemory(bytes: 4096)
  private let memory = AlignedMemory(bytes: 8 * 2048)
  private let out = AlignedMemory(bytes: 1024)

  init(_ kernels: DistanceKernels) {
    self.kernels = kernels
  }

  /// Names and times.
  var all: [(String, Double)] { floats + bytes + codes }

  private var floats: [(String, Double)] {
    [(Measure.dot, "dot"), (.squaredL2, "squared L2")].flatMap { measure, name in
      [(ElementType.float32, "f32", 4), (.float16, "f32 × f16", 2)].map { type, numbers, size in
        let kernel = kernels.rows(measure, over: type)
        return (
          "\(name), \(numbers)",
          time { kernel(query.as(Float.self), memory.base, size * dimension, rows, dimension, out.as(Float.self)) }
        )
      }
    }
  }

  private var bytes: [(String, Double)] {
    let (dot, hamming) = (kernels.byteDotRows, kernels.hammingRows)
    return [
      (
        "dot, i8 × u8",
        time { dot(query.as(Int8.self), memory.base, dimension, rows, dimension, out.as(Int32.self)) }
      ),
      (
        "Hamming, 512 bits",
        time { hamming(query.as(UInt8.self), memory.base, 64, rows, 64, out.as(UInt32.self)) }
      ),
    ]
  }

  private var codes: [(String, Double)] {
    CodeBits.allCases.map { bits in
      let (kernel, size) = (kernels.codeRows(bits), bits.rowBytes(dimension: dimension))
      return (
        "codes of \(bits.rawValue) bits",
        time { kernel(query.as(Int8.self), memory.as(UInt8.self), size, rows, dimension, out.as(Int32.self)) }
      )
    }
      + CodeBits.allCases.map { bits in
        let kernel = kernels.codeBlocks(bits)
        return (
          "codes of \(bits.rawValue) bits, in a block",
          time(rows: 16) {
            kernel(query.as(Int8.self), memory.as(UInt8.self), 1, dimension, out.as(Int32.self))
          }
        )
      }
  }

  /// Nanoseconds a row of a call, in the fastest of many short runs.
  private func time(rows: Int? = nil, _ call: () -> Void) -> Double {
    let calls = 500
    let timing = Timing.of(runs: 400) { for _ in 0..<calls { call() } }
    return timing.best / Double(calls * (rows ?? self.rows)) * 1e9
  }
}

/// Zeroed memory at a cache line, as kernels are promised it.
final class AlignedMemory {
  let base: UnsafeMutableRawPointer

  init(bytes: Int) {
    base = .allocate(byteCount: bytes, alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
  }

  deinit { base.deallocate() }

  /// The memory as numbers of one type.
  func `as`<Number>(_ type: Number.Type) -> UnsafeMutablePointer<Number> { base.assumingMemoryBound(to: type) }
}
