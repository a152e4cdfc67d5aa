import Foundation

/// Where the tests find what they run on.
public enum Repository {
  /// The folder of the package.
  public static let root: String = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// A file of the sample catalogue.
  public static func sample(_ name: String) -> String { "\(root)/Data/\(name)" }

  /// The folder of the transcripts.
  public static let transcripts = "\(root)/Tests/EndToEndTests/Transcripts"

  /// The folder with embeddings of real pictures, which is not part of the package; nil where it is not there.
  ///
  /// `KAGAMI_SHARED_DATA`, or `../shared/data` beside the package.
  public static let realData: String? = {
    let named = ProcessInfo.processInfo.environment["KAGAMI_SHARED_DATA"]
    let beside = URL(fileURLWithPath: root).deletingLastPathComponent().appending(path: "shared/data").path
    return [named, beside].compactMap(\.self).first { path in
      FileManager.default.fileExists(atPath: "\(path)/artworks/items.npy")
    }
  }()

  /// The built `kagami`, which lies beside the bundle of the tests.
  public static let executable: String = {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    return bundle.appending(path: "kagami").path
  }()
}
