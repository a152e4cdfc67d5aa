import Catalogue
import VectorIndex
import VectorKernels
import WireProtocol

extension RequestHandler {
  /// `engine.hello`: what the engine is and may be asked.
  func hello(_ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    try engine.refreshIfDue()
    let snapshot = engine.index.snapshot
    let model = engine.store.identity.model
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.member("name", "kagami")
    encoder.buffer.member("version", EngineVersion.text)
    encoder.buffer.member("protocol", EngineVersion.wireProtocol)
    encoder.buffer.name("methods")
    encoder.buffer.beginArray()
    for method in Method.allCases { encoder.buffer.string(method.rawValue) }
    encoder.buffer.endArray()
    encoder.buffer.member("catalogue", engine.store.identity.id)
    encoder.buffer.name("model")
    if let name = model.name { encoder.buffer.string(name) } else { encoder.buffer.null() }
    encoder.buffer.member("metric", model.metric.rawValue)
    encoder.buffer.member("dimension", model.dimension)
    encoder.buffer.member("storage", model.storage.rawValue)
    encoder.buffer.member("count", snapshot.liveCount)
    encoder.buffer.member("seq", Int(snapshot.sequence))
    encoder.buffer.name("read_only")
    encoder.buffer.bool(isReadOnly)
    encoder.buffer.limits(Limits())
    encoder.buffer.endObject()
    encoder.endResult()
  }

  /// `engine.health`: whether all is well, and if not, why.
  func health(_ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    var reasons: [String] = []
    do {
      try engine.refreshIfDue()
    } catch {
      reasons.append(ServiceFailure.message(for: error))
    }
    reasons += engine.snapshotTroubles
    let isDegraded = !reasons.isEmpty
    if BLASLibrary.isReference {
      reasons.append(
        "the reference BLAS is in force, some thirty times slower for many vectors; install libopenblas0-pthread")
    }
    if let refused = KernelChoice.active.refusedName {
      reasons.append("KAGAMI_KERNELS=\(refused) is not there; \(KernelChoice.active.instructionSet.rawValue) is used")
    }
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.member("state", isDegraded ? "degraded" : "ok")
    encoder.buffer.name("reasons")
    encoder.buffer.beginArray()
    for reason in reasons { encoder.buffer.string(reason) }
    encoder.buffer.endArray()
    encoder.buffer.member("seq", Int(engine.index.snapshot.sequence))
    engine.condition.write(to: &encoder.buffer)
    encoder.buffer.member("blas", BLASLibrary.summary)
    encoder.buffer.member("sqlite", CatalogueStore.sqliteVersion)
    encoder.buffer.member("sqlite_note", SQLiteLibrary.note)
    encoder.buffer.member("instruction_set", KernelChoice.active.instructionSet.rawValue)
    encoder.buffer.endObject()
    encoder.endResult()
  }

  /// `engine.stats`: counters since the start.
  func stats(_ id: RequestID, _ encoder: inout AnswerEncoder) {
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    report().write(to: &encoder.buffer)
    encoder.buffer.endObject()
    encoder.endResult()
  }

  /// `engine.sync`: everything earlier on the stream is finished.
  func sync(_ id: RequestID, _ encoder: inout AnswerEncoder) throws {
    try engine.refreshIfDue(atLeast: try engine.store.seq())
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.member("seq", Int(engine.index.snapshot.sequence))
    encoder.buffer.endObject()
    encoder.endResult()
  }

  /// `engine.shutdown`: the last answer.
  func shutdown(_ id: RequestID, _ encoder: inout AnswerEncoder) {
    encoder.beginResult(id)
    encoder.buffer.beginObject()
    encoder.buffer.endObject()
    encoder.endResult()
  }

  /// `rpc.discover`: what can be asked, as an OpenRPC document.
  func discover(_ id: RequestID, _ encoder: inout AnswerEncoder) {
    encoder.beginResult(id)
    ProtocolDescription(version: EngineVersion.text).write(to: &encoder.buffer)
    encoder.endResult()
  }
}

extension ByteBuffer {
  fileprivate mutating func limits(_ limits: Limits) {
    name("limits")
    beginObject()
    for (field, value) in limits.entries { member(field, value) }
    endObject()
  }
}
