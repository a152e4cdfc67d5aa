/// The plan that the sources are held to: who may import whom, and where unsafe code may stand.
///
/// A change of this file is a change of the architecture: say why in the same commit.
enum House {
  /// The modules of ours that a module may import.
  static let arrows: [String: Set<String>] = [
    "CBLAS": [],
    "CVectorKernels": [],
    "VectorKernels": ["CVectorKernels", "CBLAS"],
    "VectorIndex": ["VectorKernels"],
    "WireProtocol": [],
    "VectorFiles": ["WireProtocol"],
    "Catalogue": [],
    "Evidence": [],
    "SampleData": ["VectorFiles"],
    "Service": ["VectorIndex", "VectorKernels", "VectorFiles", "Catalogue", "Evidence", "WireProtocol"],
    "KagamiClient": [],
    "CProcessStart": [],
    "kagami": ["CProcessStart", "Service", "Catalogue", "SampleData", "VectorFiles"],
    "KagamiDemo": ["KagamiClient", "VectorFiles"],
    "ScannerExample": ["KagamiClient", "VectorFiles"],
    "KagamiTorture": [],
  ]

  /// The packages and system modules that only some modules may import.
  static let reserved: [String: Set<String>] = [
    "GRDB": ["Catalogue"],
    "ArgumentParser": ["kagami"],
    "Histogram": ["Service"],
    "Subprocess": ["KagamiClient"],
    "SystemPackage": ["KagamiClient"],
    "Foundation": [
      "Catalogue", "SampleData", "Service", "KagamiClient", "KagamiDemo", "KagamiTorture", "ScannerExample", "kagami",
    ],
    "FoundationEssentials": [
      "Catalogue", "SampleData", "Service", "KagamiClient", "KagamiDemo", "KagamiTorture", "ScannerExample", "kagami",
    ],
    "Synchronization": ["VectorIndex", "Catalogue", "Service", "KagamiClient"],
    "Glibc": ["VectorKernels", "VectorIndex", "VectorFiles", "WireProtocol", "Catalogue", "Service", "kagami"],
    "Musl": ["VectorKernels", "VectorIndex", "VectorFiles", "WireProtocol", "Catalogue", "Service", "kagami"],
    "Darwin": ["VectorKernels", "VectorIndex", "VectorFiles", "WireProtocol", "Catalogue", "Service", "kagami"],
  ]

  /// The only files that may hold unsafe code, by module: kernels, storage, inner loops, the line reader, scanner and writer.
  static let fence: [String: Set<String>] = [
    "VectorKernels": [
      "DistanceKernels", "DistanceKernels+Spans", "KernelChoice", "UnsafeMatrix", "MatrixProduct", "SymmetricEigen",
      "SingularValues", "BLASLibrary", "BLASMemory",
    ],
    "VectorIndex": [
      "AlignedBuffer", "RowFile", "RowStore", "EncodedRows", "RowAppender", "KeyColumn", "StoredKeys", "ChunkedColumn",
      "MappedFile", "SystemCall",
      "SanitizerMutex",
      "MappedArray", "OutputFile", "DurableDirectory", "Checksum", "WorkerPool", "PreparedQueries", "ExactScorer",
      "RowSelection", "ProductScratch", "FlatSearcher",
      "FlatSearcher+Scan", "FlatSearcher+Product", "FlatSearcher+Groups",
      // Codes: kernels over raw rows.
      "ByteQuery", "HadamardRotation", "Projection", "VectorForm", "Quantizer", "Quantizer+Query", "CodeStore",
      "CodeScorer", "MemoryBlock",
      // The walk's inner loop and what it keeps.
      "CandidateBeam", "VisitedMarks", "GraphSearcher", "GraphIndex+Search", "WalkEffort",
      // Searching with a filter: scans of codes, walks, rescoring.
      "PackedCodes", "CodeScanner", "FilteredSearcher", "Reranker", "ApproximateSearch",
      "RangeFlood", "RangeSearch",
      // Building: products of leaves, pruning, tables of edges.
      "ByteRows", "EdgePruner", "EdgePruner+Admission", "EdgeTable", "FormBlock", "LeafPartition", "LeafJoin",
      "GraphLinker", "BuildWalker",
      "QuantizerLearner", "Reachability", "CopyFinder",
      // Measuring what was built: bytes for the truth, walks by many threads.
      "ByteNeighbors", "CalibrationQueries", "Calibrator",
      // Inserting: the same, batch after batch.
      "RowDistances", "GraphDraft", "InsertionWorker", "CandidateLists", "CodeStore+Growth",
    ],
    "VectorFiles": ["SystemCalls", "LineReader", "RowDecoding"],
    "Catalogue": ["FileDescriptor", "FileDescriptor+Identity", "Statement+Binding"],
    "WireProtocol": [
      "ByteBuffer", "ByteBuffer+JSON", "ByteBuffer+Strings", "JSONScanner", "JSONScanner+Names", "JSONScanner+Floats",
      "JSONScanner+Strings",
      "LineFramer", "Base64", "VectorBuffer", "VectorBuffer+Packed",
    ],
    "KagamiClient": ["LineSplitter", "OutputTail"],
    "Service": ["InputReader", "InputWatch", "Outlet", "WakePipe", "Signals", "ParentWatch", "LocalSocket", "LogSink"],
    "KagamiTorture": ["Child"],
    "kagami": ["StandardStream"],
  ]

  /// The only files that may print: the one line writer of `serve` writes by descriptor, everything else through this type.
  static let printers: Set<String> = ["Output", "Scanner"]
}
