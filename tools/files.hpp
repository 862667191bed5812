#pragma once
// Reading and writing files. Every failure of the file system is a Failure with exit code 4 and a sentence that says
// what was tried and what the system answered. A file appears whole or not at all: it is written under a temporary
// name in the same folder and renamed.

#include <cstddef>
#include <fstream>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace gmpsim {

/// What is left of `limit` bytes of a file, and whether there would have been more.
struct FileText {
  std::string text;
  bool truncated = false;
};

/// The text of a file, at most `limit` bytes. Nothing when there is no such file; other failures throw.
[[nodiscard]] std::optional<FileText> read_if_there(const std::string& path, std::size_t limit);
/// The same for a file that must be there.
[[nodiscard]] FileText read_file(const std::string& path, std::size_t limit);
[[nodiscard]] FileText read_stream(std::istream& in, std::size_t limit);

/// Is there a regular file (or something else that can be read: a pipe, a device) of this name?
[[nodiscard]] bool is_file(const std::string& path);

enum class Overwrite : bool { no, yes };

/// A file on its way: write to `stream`, then `commit`. Without it, nothing stays behind.
class FileWriter {
 public:
  FileWriter(std::string path, Overwrite overwrite);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  [[nodiscard]] std::ostream& stream() { return out_; }
  /// Flushes, renames. Throws a Failure when anything could not be written.
  void commit();

 private:
  [[noreturn]] void fail(const std::string& what);
  std::string path_;
  std::string temporary_;  ///< empty: `path_` is written in place (a device, a pipe)
  std::ofstream out_;
  Overwrite overwrite_;
  bool done_ = false;
};

void write_file(const std::string& path, const std::string& text, Overwrite overwrite);

}  // namespace gmpsim
