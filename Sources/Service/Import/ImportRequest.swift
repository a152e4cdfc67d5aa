import Catalogue

/// What to import, and how.
public struct ImportRequest: Sendable {
  /// One integer attribute a row, from a file.
  public struct Label: Sendable {
    /// The attribute's name.
    public var name: String
    /// A one-dimensional `.npy` file of whole numbers.
    public var file: String

    /// An attribute from a file.
    public init(name: String, file: String) {
      self.name = name
      self.file = file
    }
  }

  /// The catalogue's directory; made where there is none.
  public var catalogue: String
  /// The file with the vectors.
  public var vectors: String
  /// JSON lines beside the vectors, one a row; without it the keys are the row numbers.
  public var metadata: String?
  /// Further attributes, each from a file.
  public var labels: [Label] = []
  /// Put before the row number where a row has no key of its own.
  public var keyPrefix = ""
  /// Whether a row without a key of its own may take the place of an item that has its number for a key.
  public var replacesNumbered = false
  /// The metric of a catalogue that is made; an existing one must agree where it is given.
  public var metric: ModelSpace.Metric?
  /// The storage of a catalogue that is made; an existing one must agree where it is given.
  public var storage: ModelSpace.Storage?
  /// The name of the embedding model; an existing catalogue must agree where it is given.
  public var model: String?
  /// All rows or none.
  public var isAtomic = false
  /// Rows a transaction.
  public var batchRows = 8192
  /// How long to wait for another writer to end.
  public var lockPatience = Duration.zero

  /// An import of one file of vectors into a catalogue.
  public init(catalogue: String, vectors: String) {
    self.catalogue = catalogue
    self.vectors = vectors
  }
}

/// What an import did.
public struct ImportReport: Sendable {
  /// Rows that are now in the catalogue because of the import.
  public internal(set) var imported = 0
  /// Of those, how many took the place of an item with the same key.
  public internal(set) var replaced = 0
  /// Rows that were there already, exactly so.
  public internal(set) var unchanged = 0
  /// Rows whose key a later row of the import has too; the last one counts.
  public internal(set) var superseded = 0
  /// Rows that were refused.
  public internal(set) var refused = 0
  /// Rows read so far.
  public internal(set) var read = 0
  /// Rows in the file, where its format tells.
  public internal(set) var total: Int?
  /// The revision of the catalogue afterwards.
  public internal(set) var sequence: Int64 = 0
  /// Whether the import made the catalogue.
  public internal(set) var createdCatalogue = false
}

/// A row that an import refused, and why.
public struct ImportRefusal: Sendable, CustomStringConvertible {
  /// The row's number in its file, from 0.
  public let row: Int
  /// The row's key, where it has one.
  public let key: String?
  /// What is wrong and where.
  public let reason: String

  /// The sentence that a person reads.
  public var description: String {
    key.map { "row \(row) (\($0)): \(reason)" } ?? "row \(row): \(reason)"
  }
}

/// Why an import could not be done, or not to its end; what was committed before stays.
public enum ImportError: Error, CustomStringConvertible, Sendable {
  /// The catalogue's model space is not the one asked for.
  case disagrees(catalogue: String, property: String, has: String, asked: String)
  /// Two files that belong together do not have the same number of rows.
  case unequalLengths(file: String, rows: Int, vectors: String, expected: Int)
  /// Lines of JSON say themselves what they are about, so that no other file can stand beside them.
  case linesCarryMetadata(vectors: String, other: String)
  /// A label has a name that means something else.
  case reservedLabel(String)
  /// An atomic import met rows that it had to refuse.
  case refusedAtomically(rows: Int)
  /// A row without a key of its own would take the place of an item of another import.
  case numberTaken(file: String, row: Int, key: String)
  /// The vectors of the file cannot be stored.
  case unusableDimension(file: String, found: Int, limit: Int)

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .disagrees(let catalogue, let property, let has, let asked):
      "\(catalogue): its \(property) is \(has), not \(asked); import into another catalogue, or leave the option out"
    case .unequalLengths(let file, let rows, let vectors, let expected):
      "\(file): has \(rows) rows where \(vectors) has \(expected); nothing was imported, since they would not belong together"
    case .linesCarryMetadata(let vectors, let other):
      "\(vectors): its lines carry their own metadata; leave \(other) out, or put the vectors into a .npy file"
    case .reservedLabel(let name):
      "--label \(name): the name already means something; choose another (reserved: key, member, work, title, kind, source, timecode)"
    case .refusedAtomically(let rows):
      "\(rows) rows were refused, so none was imported; correct them, or leave --atomic out to import the others"
    case .numberTaken(let file, let row, let key):
      "\(file), row \(row): the row has no key of its own, and the catalogue holds another item with the key \(key). Give a "
        + "--key-prefix to keep the files apart, --metadata that has keys, or --replace to put these rows in the place of those"
    case .unusableDimension(let file, let found, let limit):
      "\(file): its vectors have \(found) numbers; a catalogue holds vectors of 1 to \(limit)"
    }
  }
}
