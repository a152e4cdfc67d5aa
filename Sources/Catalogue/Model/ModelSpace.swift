/// The one space that all vectors of a catalogue live in: which model made them, and how they are compared and kept.
public struct ModelSpace: Hashable, Sendable {
  /// How closeness is measured.
  public enum Metric: String, CaseIterable, Hashable, Sendable {
    /// Cosine similarity.
    case cosine
    /// Inner product.
    case innerProduct = "ip"
    /// Euclidean distance.
    case euclidean = "l2"
  }

  /// The number format of a stored row.
  public enum Storage: String, CaseIterable, Hashable, Sendable {
    /// IEEE 754 half precision.
    case float16 = "f16"
    /// IEEE 754 single precision.
    case float32 = "f32"
  }

  /// Components of a vector at most: what a row takes stays far from what 32 bits can count.
  public static let largestDimension = 1 << 20

  /// The model's name, where the caller gave one.
  public var name: String?
  /// Components of a vector; from 1 to ``largestDimension``.
  public var dimension: Int
  /// How closeness is measured.
  public var metric: Metric
  /// The number format of a stored row.
  public var storage: Storage
  /// What is done to a picture before the model sees it, in the caller's words.
  public var preprocessing: String?
  /// A digest of the embedding model, so that another model of the same name is noticed.
  public var digest: String?

  /// A space of `dimension` components.
  public init(
    name: String? = nil, dimension: Int, metric: Metric = .cosine, storage: Storage = .float16,
    preprocessing: String? = nil, digest: String? = nil
  ) {
    self.name = name
    self.dimension = dimension
    self.metric = metric
    self.storage = storage
    self.preprocessing = preprocessing
    self.digest = digest
  }
}
