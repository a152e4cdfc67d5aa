import Foundation
import Service
import Synchronization
import Testing
import WireProtocol

@Suite struct WindowTests {
  private func window(requests: Int, bytes: Int = .max, controls: Int = 1) -> Window {
    var limits = Limits()
    (limits.windowRequests, limits.windowBytes) = (requests, bytes)
    return Window(limits: limits, controlPlaces: controls)
  }

  private func places(_ requests: Int, bytes: Int, controls: Int = 0) -> Window.Places {
    var places = Window.Places()
    (places.requests, places.bytes, places.controls) = (requests, bytes, controls)
    return places
  }

  @Test func `It has room until it is full, and again when places come back`() {
    let window = window(requests: 2)
    #expect(window.enter(bytes: 10, isControl: false))
    #expect(window.hasRoom(isControl: false))
    #expect(window.enter(bytes: 10, isControl: false))
    #expect(!window.hasRoom(isControl: false))
    window.leave(places(1, bytes: 10))
    #expect(window.hasRoom(isControl: false))
  }

  @Test func `Control requests have places of their own`() {
    let window = window(requests: 1)
    #expect(window.enter(bytes: 1, isControl: false))
    #expect(window.hasRoom(isControl: true))
    #expect(window.enter(bytes: 1, isControl: true))
    #expect(!window.hasRoom(isControl: true))
    window.leave(places(0, bytes: 0, controls: 1))
    #expect(window.hasRoom(isControl: true))
    #expect(!window.hasRoom(isControl: false))
  }

  @Test func `Bytes count, but one request always enters`() {
    let window = window(requests: 10, bytes: 100)
    #expect(window.enter(bytes: 1000, isControl: false))
    #expect(!window.hasRoom(isControl: false))
    window.leave(places(1, bytes: 1000))
    #expect(window.enter(bytes: 99, isControl: false))
    #expect(window.hasRoom(isControl: false))
    #expect(window.enter(bytes: 1, isControl: false))
    #expect(!window.hasRoom(isControl: false))
  }

  @Test func `Whoever waits goes on when a place is given back`() {
    let window = window(requests: 1)
    #expect(window.enter(bytes: 1, isControl: false))
    let entered = Atomic<Int>(0)
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      if window.enter(bytes: 1, isControl: false) { entered.add(1, ordering: .relaxed) }
      done.signal()
    }
    thread.start()
    #expect(done.wait(timeout: .now() + 0.05) == .timedOut)
    window.leave(places(1, bytes: 1))
    #expect(done.wait(timeout: .now() + 10) == .success)
    #expect(entered.load(ordering: .relaxed) == 1)
  }

  @Test func `Whoever waits is sent away when the stream ends`() {
    let window = window(requests: 1)
    #expect(window.enter(bytes: 1, isControl: false))
    let refused = Atomic<Int>(0)
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      if !window.enter(bytes: 1, isControl: false) { refused.add(1, ordering: .relaxed) }
      done.signal()
    }
    thread.start()
    window.close()
    #expect(done.wait(timeout: .now() + 10) == .success)
    #expect(refused.load(ordering: .relaxed) == 1)
    #expect(!window.enter(bytes: 1, isControl: true), "nobody enters a closed window")
  }
}
