// Writing that either happened or did not: a temporary file, fsync, rename, fsync of the folder.
// Every failure is an OutputError that names the path, the system's reason and the space that is
// there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store.hpp"

namespace fingers {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;

  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool valid() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// `cannot DOING 'PATH': REASON (12.3 MB needed, 0.4 MB free)`; needed_bytes 0: not known.
std::string failure_text(std::string_view doing, const std::filesystem::path& path, int error,
                         std::uint64_t needed_bytes = 0);
std::string failure_text(std::string_view doing, const std::filesystem::path& path,
                         const std::string& reason, std::uint64_t needed_bytes = 0);

/// 12345678 → "12.3 MB".
std::string as_megabytes(std::uint64_t bytes);

/// Writes `bytes` to `path` so that the file is there whole, and stays after a loss of power, or is
/// not there; nothing is left of an attempt that failed.
void write_whole_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// Brings a finished `temporary` to disk and gives it its name.
void publish_file(const std::filesystem::path& temporary, const std::filesystem::path& path);

/// Files of one folder that grow under temporary names (`NAME.tmp`), and get their own all
/// together. What was not published is removed with the object.
class FileSet {
 public:
  /// Makes the folder where it is not there. Throws OutputPlaceError where it cannot be made, and
  /// where one of the `names` is there already and may not be overwritten.
  FileSet(std::filesystem::path folder, const std::vector<std::string>& names, bool overwrite);
  ~FileSet();
  FileSet(const FileSet&) = delete;
  FileSet& operator=(const FileSet&) = delete;
  FileSet(FileSet&&) = delete;
  FileSet& operator=(FileSet&&) = delete;

  /// Begins the next file; the one before has all that it will have.
  void begin(const std::string& name);
  /// Appends to the file that was begun last.
  void append(std::string_view bytes);
  /// Brings all files to disk, then gives them their names.
  void publish();

 private:
  void finish_file();
  [[nodiscard]] std::filesystem::path temporary(const std::string& name) const;

  std::filesystem::path folder_;
  bool made_folder_ = false;
  std::vector<std::string> begun_;
  Descriptor file_;  ///< of the last of these
};

/// A text file that only grows; a line is on disk when `append` returns.
class LineLog {
 public:
  /// Opens or makes the file; a torn last line is cut off.
  explicit LineLog(std::filesystem::path path);
  void append(const std::string& line);

 private:
  std::filesystem::path path_;
  Descriptor file_;
};

/// Holds a file's lock while it lives.
class FileLock {
 public:
  /// Throws OutputBusyError, which says `busy`, when somebody else holds it.
  FileLock(const std::filesystem::path& path, const std::string& busy);

 private:
  Descriptor file_;
};

/// For tests: is asked before every write of ours how it shall fail (an errno; 0: not at all). Null
/// takes the fault away.
using WriteFault = int (*)(std::size_t bytes);
void set_write_fault(WriteFault fault);

}  // namespace fingers
