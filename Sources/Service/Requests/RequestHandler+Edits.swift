import Catalogue
import VectorIndex
import WireProtocol

extension RequestHandler {
  /// The edit that a request asks for; nil for any other request.
  ///
  /// - Parameters:
  ///   - body: What is asked.
  ///   - vectors: What came with it; kept until the edit is done.
  /// - Returns: The edit.
  package func edit(for body: RequestBody, _ vectors: VectorBuffer) -> Edit? {
    switch body {
    case .itemsUpsert(let request): .upsert(request, vectors)
    case .itemsRemove(let request): .remove(request)
    case .membersPut(let request): .put(request)
    case .worksPut(let request): .put(request)
    case .permissionsPut(let request): .put(request)
    case .permissionsRevoke(let request): .revoke(request)
    case .membersRemove(let request), .worksRemove(let request): .remove(request)
    default: nil
    }
  }

  /// Writes the answer to an edit.
  package func answer(_ outcome: Editor.Outcome, to request: Request, into encoder: inout AnswerEncoder) {
    switch outcome {
    case .done(let text):
      encoder.beginResult(request.id)
      encoder.buffer.raw(text)
      encoder.endResult()
    case .refused(let error): refuse(request, ServiceFailure.wireError(for: error), into: &encoder)
    }
  }
}
