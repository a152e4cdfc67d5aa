import Foundation
import Service
import Synchronization
import Testing
import WireProtocol

/// What streams may have under way together.
@Suite struct SharedWindowTests {
  private static let mebibyte = 1 << 20
  private let shared = SharedWindow(limit: 4 << 20)

  private func window() -> Window { Window(limits: Limits(), shared: shared) }

  private func requests(_ count: Int, bytes: Int = 0, answers: Int = 0) -> Window.Places {
    var places = Window.Places()
    (places.requests, places.bytes, places.answerBytes) = (count, bytes, answers)
    return places
  }

  @Test func `Beyond the bound each has its share, and no more`() {
    let (greedy, modest) = (window(), window())
    for _ in 0..<4 { #expect(greedy.tryEnter(bytes: Self.mebibyte, isControl: false)) }
    #expect(!greedy.hasRoom(isControl: false))
    #expect(greedy.hasRoom(isControl: true))
    // One request whatever its size, and small ones up to the share.
    for _ in 0..<3 { #expect(modest.tryEnter(bytes: Self.mebibyte / 3, isControl: false)) }
    #expect(modest.tryEnter(bytes: 10, isControl: false))
    #expect(!modest.hasRoom(isControl: false))
    #expect(window().tryEnter(bytes: 16 * Self.mebibyte, isControl: false))
    greedy.leave(requests(1, bytes: Self.mebibyte))
    #expect(!greedy.hasRoom(isControl: false), "the others have more than what came back")
  }

  @Test func `A window of its own still bounds each`() {
    var limits = Limits()
    limits.windowRequests = 2
    let window = Window(limits: limits, shared: shared)
    for _ in 0..<2 { #expect(window.tryEnter(bytes: 1, isControl: false)) }
    #expect(!window.hasRoom(isControl: false))
    #expect(window.overload.message.contains("more than 2 requests or 64 MiB"))
    let (one, other) = (self.window(), self.window())
    for _ in 0..<4 {
      #expect(one.tryEnter(bytes: 2 * Self.mebibyte, isControl: false) || !one.hasRoom(isControl: false))
    }
    #expect(other.tryEnter(bytes: 2 * Self.mebibyte, isControl: false))
    #expect(!other.hasRoom(isControl: false))
    #expect(other.overload.message.contains("more than 4 MiB of all callers together"))
    #expect(other.overload.kind == .overloaded)
  }

  @Test func `Whoever waits goes on when another gives back`() {
    let (first, second) = (window(), window())
    for _ in 0..<4 { #expect(first.enter(bytes: Self.mebibyte, isControl: false)) }
    #expect(second.enter(bytes: Self.mebibyte, isControl: false))
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      if second.enter(bytes: Self.mebibyte, isControl: false) { done.signal() }
    }
    thread.start()
    #expect(done.wait(timeout: .now() + 0.05) == .timedOut)
    first.leave(requests(2, bytes: 2 * Self.mebibyte))
    #expect(done.wait(timeout: .now() + 10) == .success)
  }

  @Test func `A stream that ends gives back what it has`() {
    let (first, second) = (window(), window())
    for _ in 0..<4 { #expect(first.enter(bytes: Self.mebibyte, isControl: false)) }
    first.answer(bytes: 5 * Self.mebibyte)
    #expect(second.enter(bytes: Self.mebibyte, isControl: false))
    second.answer(bytes: 2 * Self.mebibyte)
    #expect(!second.hasRoom(isControl: false) && second.isClogged)
    first.retire()
    #expect(second.hasRoom(isControl: false) && !second.isClogged)
    // What is written late is not given back a second time.
    first.leave(requests(4, bytes: 4 * Self.mebibyte, answers: 5 * Self.mebibyte))
    first.retire()
    for _ in 0..<3 { #expect(second.tryEnter(bytes: Self.mebibyte, isControl: false)) }
    #expect(!second.hasRoom(isControl: false))
  }

  @Test func `Answers that nobody reads clog those who have many of them`() {
    let (greedy, modest) = (window(), window())
    greedy.answer(bytes: 5 * Self.mebibyte)
    modest.answer(bytes: Self.mebibyte / 2)
    #expect(greedy.isClogged && !modest.isClogged)
    greedy.leave(requests(0, answers: 2 * Self.mebibyte))
    #expect(!greedy.isClogged)
  }

  /// Threads that take and give back at random end with nothing under way, and none waits for ever.
  @Test func `Nothing is lost among many`() {
    let group = DispatchGroup()
    let windows = (0..<8).map { _ in window() }
    for (number, window) in windows.enumerated() {
      group.enter()
      let thread = Thread {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
          let bytes = Int.random(in: 1...(3 * Self.mebibyte), using: &random)
          guard window.enter(bytes: bytes, isControl: false) else { continue }
          window.answer(bytes: bytes)
          window.leave(requests(1, bytes: bytes, answers: bytes))
        }
        group.leave()
      }
      thread.name = "\(number)"
      thread.start()
    }
    #expect(group.wait(timeout: .now() + 60) == .success)
    let last = window()
    for _ in 0..<4 { #expect(last.tryEnter(bytes: Self.mebibyte, isControl: false)) }
    #expect(!last.hasRoom(isControl: false))
  }
}
