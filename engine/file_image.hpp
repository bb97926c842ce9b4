// An HDF5 file that is built in memory, so that the library never meets a full disk.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "engine/hdf5_handle.hpp"

namespace fingers {

class FileImage {
 public:
  FileImage();
  ~FileImage();
  FileImage(const FileImage&) = delete;
  FileImage& operator=(const FileImage&) = delete;
  FileImage(FileImage&&) = delete;
  FileImage& operator=(FileImage&&) = delete;

  [[nodiscard]] const Handle& file() const { return file_; }

  /// Closes the file and answers its bytes, which live as long as the image. Expects: no other
  /// handle of the file is open. Throws Hdf5Error.
  std::span<const std::byte> close();

 private:
  struct Buffer;
  std::unique_ptr<Buffer> buffer_;
  Handle file_;
};

}  // namespace fingers
