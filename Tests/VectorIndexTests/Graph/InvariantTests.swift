import Testing
import VectorIndex

/// The check of invariants finds each thing that a sound graph never has.
@Suite struct InvariantTests {
  private static let none = UInt32.max

  /// Four rows, of which the last is a copy of the second.
  private var sound: GraphSketch {
    var sketch = GraphSketch(edges: [1, 2, 0, Self.none, 0, 1, Self.none, Self.none], entryPoints: [0, 2])
    sketch.next = [Self.none, 3, Self.none, Self.none]
    sketch.copyCount = 1
    return sketch
  }

  @Test func aSoundGraphPasses() {
    #expect(sound.violation == nil)
  }

  @Test(arguments: [
    (0, 9, "edgeOutOfRange(node: 0)"), (0, none, "gap(node: 0)"), (0, 0, "selfLoop(node: 0)"),
    (0, 2, "repetition(node: 0)"), (0, 3, "edgeToCopy(node: 0)"), (6, 1, "edgeToCopy(node: 3)"),
  ])
  func anUnsoundEdgeIsFound(place: Int, target: UInt32, violation: String) {
    var sketch = sound
    sketch.edges[place] = target
    #expect(sketch.violation == violation)
  }

  @Test(arguments: [[4], [3], [0, 0]] as [[UInt32]])
  func anUnsoundEntryPointIsFound(entryPoints: [UInt32]) {
    var sketch = sound
    sketch.entryPoints = entryPoints
    #expect(sketch.violation == "entryPoint(place: \(entryPoints.count - 1))")
  }

  @Test(arguments: [
    ([none, 3, none, 1], 2, "copy(of: 3)"), ([none, 1, none, none], 1, "copy(of: 1)"),
    ([3, 3, none, none], 2, "copy(of: 1)"), ([none, 7, none, none], 1, "copy(of: 1)"),
    ([none, 3, none, none], 2, "copyCount(found: 1)"), ([none, 3, none], 1, "size"),
  ])
  func anUnsoundListOfCopiesIsFound(next: [UInt32], count: Int, violation: String) {
    var sketch = sound
    sketch.next = next
    sketch.copyCount = count
    #expect(sketch.violation == violation)
  }
}
