import Foundation
import Testing
import VectorKernels

@Suite struct KernelChoiceTests {
  @Test(arguments: [nil, ""])
  func withoutAWishTheFastestIsTaken(name: String?) {
    let choice = KernelChoice(requested: name)
    #expect(choice.instructionSet == .best)
    #expect(choice.refusedName == nil)
  }

  @Test(arguments: InstructionSet.available)
  func anAvailableSetIsGranted(set: InstructionSet) {
    let choice = KernelChoice(requested: set.rawValue)
    #expect(choice.instructionSet == set)
    #expect(choice.refusedName == nil)
    #expect(DistanceKernels.of(set)?.instructionSet == set)
  }

  @Test(arguments: ["sse9", "AVX2", "neon", "avx512"])
  func anythingElseIsRefusedAndKept(name: String) {
    let choice = KernelChoice(requested: name, available: [.scalar, .avx2])
    #expect(choice.instructionSet == .avx2)
    #expect(choice.refusedName == name)
  }

  @Test func theProcessFollowsItsEnvironment() {
    let name = ProcessInfo.processInfo.environment["KAGAMI_KERNELS"]
    #expect(KernelChoice.active == KernelChoice(requested: name))
    #expect(DistanceKernels.active.instructionSet == KernelChoice.active.instructionSet)
  }

  @Test func scalarIsAlwaysThere() {
    #expect(InstructionSet.available.first == .scalar)
    #expect(InstructionSet.available.contains(.best))
    for set in InstructionSet.allCases where !InstructionSet.available.contains(set) {
      #expect(DistanceKernels.of(set) == nil)
    }
  }

  @Test func elementTypesHaveStableCodesAndNames() {
    #expect(ElementType.float16.rawValue == 1 && ElementType.float32.rawValue == 2)
    #expect(ElementType.float16.bytes == 2 && ElementType.float32.bytes == 4)
    #expect(ElementType(name: "f16") == .float16 && ElementType(name: "f32") == .float32)
    #expect(ElementType(name: "f64") == nil)
  }
}
