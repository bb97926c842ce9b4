// Tested by tests/engine/disk_test.cpp.
#include "engine/disk.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr mode_t kFileMode = 0666;

// A test must reach every write.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
WriteFault write_fault = nullptr;

/// open(2); throws with what was being done.
Descriptor open_file(const std::filesystem::path& path, int flags, std::string_view doing) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the C library has no other way.
  Descriptor file(::open(path.c_str(), flags | O_CLOEXEC, kFileMode));
  if (!file.valid()) {
    throw OutputError(failure_text(doing, path, errno));
  }
  return file;
}

/// Writes all; answers 0 or the errno.
int write_all(const Descriptor& file, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    if (write_fault != nullptr) {
      if (const int error = write_fault(bytes.size()); error != 0) {
        return error;
      }
    }
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return errno;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return 0;
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor =
      open_file(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY, "open the folder");
  // Some network file systems cannot sync a folder and say EINVAL; the rename is then as safe as
  // there.
  if (::fsync(descriptor.get()) != 0 && errno != EINVAL) {
    throw OutputError(failure_text("bring to disk the folder", folder, errno));
  }
}

void remove_quietly(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

/// The length of a text up to and with its last line end.
off_t whole_lines(const Descriptor& file, off_t size) {
  char last = 0;
  while (size > 0 && ::pread(file.get(), &last, 1, size - 1) == 1 && last != '\n') {
    --size;
  }
  return size;
}

std::string free_space(const std::filesystem::path& path) {
  struct statvfs space{};
  const std::filesystem::path folder = path.parent_path();
  if (::statvfs(folder.empty() ? "." : folder.c_str(), &space) != 0) {
    return {};
  }
  return as_megabytes(static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize) + " free";
}

}  // namespace

Descriptor::~Descriptor() {
  if (valid()) {
    ::close(descriptor_);
  }
}

Descriptor::Descriptor(Descriptor&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

std::string as_megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string failure_text(std::string_view doing, const std::filesystem::path& path,
                         const std::string& reason, std::uint64_t needed_bytes) {
  std::string text = fmt::format("cannot {} '{}': {}", doing, path.string(), reason);
  const std::string there = free_space(path);
  if (needed_bytes > 0) {
    text += fmt::format(" ({} needed{}{})", as_megabytes(needed_bytes), there.empty() ? "" : ", ",
                        there);
  } else if (!there.empty()) {
    text += fmt::format(" ({})", there);
  }
  return text;
}

std::string failure_text(std::string_view doing, const std::filesystem::path& path, int error,
                         std::uint64_t needed_bytes) {
  return failure_text(doing, path, std::generic_category().message(error), needed_bytes);
}

void write_whole_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  try {
    {
      const Descriptor file = open_file(temporary, O_WRONLY | O_CREAT | O_TRUNC, "make the file");
      if (const int error = write_all(file, bytes); error != 0) {
        throw OutputError(failure_text("write", temporary, error, bytes.size()));
      }
    }
    publish_file(temporary, path);
  } catch (...) {
    remove_quietly(temporary);
    throw;
  }
}

void publish_file(const std::filesystem::path& temporary, const std::filesystem::path& path) {
  {
    const Descriptor file = open_file(temporary, O_RDWR, "open");
    if (::fsync(file.get()) != 0) {
      throw OutputError(failure_text("bring to disk", temporary, errno));
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    throw OutputError(failure_text("give its name to the finished file", path, errno));
  }
  sync_folder(path.parent_path());
}

FileSet::FileSet(std::filesystem::path folder, const std::vector<std::string>& names,
                 bool overwrite)
    : folder_(std::move(folder)) {
  std::error_code error;
  for (const std::string& name : names) {
    const std::filesystem::path path = folder_ / name;
    if (std::filesystem::is_directory(path, error)) {
      throw OutputPlaceError(fmt::format("cannot write '{}': it is a folder", path.string()));
    }
    if (!overwrite && std::filesystem::exists(path, error)) {
      throw OutputPlaceError(fmt::format(
          "'{}' exists already; use --overwrite to replace it, or another folder", path.string()));
    }
  }
  made_folder_ = std::filesystem::create_directories(folder_, error);
  if (!std::filesystem::is_directory(folder_, error) || ::access(folder_.c_str(), W_OK) != 0) {
    throw OutputPlaceError(fmt::format("cannot write into '{}': {}", folder_.string(),
                                       error ? error.message() : "it is no folder to write to"));
  }
}

FileSet::~FileSet() {
  for (const std::string& name : begun_) {
    remove_quietly(temporary(name));
  }
  if (made_folder_) {
    remove_quietly(folder_);  // only where nothing came to be in it
  }
}

std::filesystem::path FileSet::temporary(const std::string& name) const {
  return folder_ / (name + ".tmp");
}

void FileSet::begin(const std::string& name) {
  finish_file();
  begun_.push_back(name);
  file_ = open_file(temporary(name), O_WRONLY | O_CREAT | O_TRUNC, "make the file");
}

void FileSet::append(std::string_view bytes) {
  EXPECT_CONTRACT(file_.valid());
  if (const int error = write_all(file_, std::as_bytes(std::span(bytes))); error != 0) {
    throw OutputError(failure_text("write", temporary(begun_.back()), error));
  }
}

void FileSet::finish_file() {
  if (file_.valid() && ::fsync(file_.get()) != 0) {
    throw OutputError(failure_text("bring to disk", temporary(begun_.back()), errno));
  }
  file_ = Descriptor();
}

void FileSet::publish() {
  finish_file();
  for (const std::string& name : begun_) {
    publish_file(temporary(name), folder_ / name);
  }
  begun_.clear();
  made_folder_ = false;
}

LineLog::LineLog(std::filesystem::path path)
    : path_(std::move(path)), file_(open_file(path_, O_RDWR | O_CREAT, "open")) {
  struct stat status{};
  if (::fstat(file_.get(), &status) != 0 ||
      ::ftruncate(file_.get(), whole_lines(file_, status.st_size)) != 0 ||
      ::lseek(file_.get(), 0, SEEK_END) < 0) {
    throw OutputError(failure_text("open", path_, errno));
  }
}

void LineLog::append(const std::string& line) {
  const std::string text = line + "\n";
  const int error = write_all(file_, std::as_bytes(std::span(text)));
  if (error != 0) {
    throw OutputError(failure_text("write", path_, error, text.size()));
  }
  if (::fdatasync(file_.get()) != 0) {
    throw OutputError(failure_text("bring to disk", path_, errno));
  }
}

FileLock::FileLock(const std::filesystem::path& path, const std::string& busy)
    : file_(open_file(path, O_RDWR | O_CREAT, "make the lock")) {
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) == 0) {
    return;
  }
  if (errno == EWOULDBLOCK) {
    throw OutputBusyError(busy);
  }
  throw OutputError(failure_text("lock", path, errno));
}

void set_write_fault(WriteFault fault) { write_fault = fault; }

}  // namespace fingers
