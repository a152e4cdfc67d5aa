extension AnswerEncoder {
  /// What an answer to a search says about itself.
  public struct Closing: Sendable {
    /// The revision that was searched.
    public var sequence: Int64
    /// Whether every row was looked at.
    public var exact = true
    /// How the search was done.
    public var plan: String?
    /// Whether every match is in the answer; nil for a search of the k nearest.
    public var complete: Bool?
    /// Where an answer that is not complete goes on.
    public var cursor: String?
    /// Whether the deadline cut the search short.
    public var partial = false
    /// Whether the engine works without a part of its files.
    public var degraded = false

    /// The closing of an exact answer.
    public init(sequence: Int64) {
      self.sequence = sequence
    }
  }

  /// Begins the answer to a search: one entry for each vector comes next.
  public mutating func beginResults(_ id: RequestID) {
    beginResult(id)
    buffer.append("{\"results\":[")
  }

  /// Ends the answer to a search.
  public mutating func endResults(_ closing: Closing) {
    plan = closing.plan
    buffer.endArray()
    buffer.name("seq")
    buffer.number(closing.sequence)
    buffer.name("exact")
    buffer.bool(closing.exact)
    if let plan = closing.plan {
      buffer.name("plan")
      buffer.string(plan)
    }
    if let complete = closing.complete {
      buffer.name("complete")
      buffer.bool(complete)
    }
    if let cursor = closing.cursor {
      buffer.name("cursor")
      buffer.string(cursor)
    }
    if closing.partial {
      buffer.name("partial")
      buffer.bool(true)
    }
    if closing.degraded {
      buffer.name("degraded")
      buffer.bool(true)
    }
    buffer.endObject()
    endResult()
  }

  /// Begins the entry of one vector.
  public mutating func beginHits() {
    buffer.beginObject()
    beginHitList()
  }

  /// Ends the entry of one vector.
  public mutating func endHits() {
    buffer.endArray()
    buffer.endObject()
  }

  /// Writes the entry of a vector that was not searched: the time was over first.
  ///
  /// - Parameter isGrouped: Whether the others are gathered by work.
  public mutating func entryNotSearched(isGrouped: Bool) {
    if isGrouped { beginGroups() } else { beginHits() }
    buffer.endArray()
    buffer.name("searched")
    buffer.bool(false)
    buffer.endObject()
  }

  /// Begins one hit.
  ///
  /// - Parameters:
  ///   - key: UTF-8.
  ///   - score: Larger is more similar.
  @inline(__always)
  public mutating func beginHit(key: Span<UInt8>, score: Float) {
    // One piece of fixed text between the values, not one for each mark: this is most of what the engine writes.
    buffer.append(buffer.lastByte == UInt8(ascii: "[") ? "{\"key\":" : ",{\"key\":")
    buffer.quoted(key)
    buffer.append(",\"score\":")
    buffer.number(score)
  }

  /// Writes whose a hit is; without a work, a hit has no `work`.
  @inline(__always)
  public mutating func member(_ member: Span<UInt8>) {
    buffer.append(buffer.lastByte == UInt8(ascii: "{") ? "\"member\":" : ",\"member\":")
    buffer.quoted(member)
  }

  /// Writes which work a hit belongs to.
  @inline(__always)
  public mutating func work(_ work: Span<UInt8>) {
    buffer.append(buffer.lastByte == UInt8(ascii: "{") ? "\"work\":" : ",\"work\":")
    buffer.quoted(work)
  }

  /// Writes the vector of a hit.
  public mutating func vector(_ numbers: Span<Float>) {
    buffer.name("vector")
    buffer.append("{\"b64\":")
    buffer.base64(numbers)
    buffer.append(",\"dtype\":\"f32le\"}")
  }

  /// Ends one hit.
  @inline(__always)
  public mutating func endHit() { buffer.endObject() }

  /// Begins the entry of one vector whose hits are gathered by work.
  public mutating func beginGroups() {
    buffer.append(buffer.lastByte == UInt8(ascii: "[") ? "{\"groups\":[" : ",{\"groups\":[")
  }

  /// Ends the entry of one vector whose hits are gathered by work.
  public mutating func endGroups() { endHits() }

  /// Begins one work; its work and member come next, then ``beginGroupHits(score:count:)``.
  public mutating func beginGroup() { buffer.beginObject() }

  /// Begins the hits of one work.
  ///
  /// - Parameters:
  ///   - score: Of the best.
  ///   - count: How many there are, shown or not.
  public mutating func beginGroupHits(score: Float, count: Int) {
    buffer.name("score")
    buffer.number(score)
    buffer.name("count")
    buffer.number(count)
    beginHitList()
  }

  /// Ends one work.
  public mutating func endGroup() { endHits() }

  private mutating func beginHitList() {
    buffer.name("hits")
    buffer.beginArray()
  }
}
