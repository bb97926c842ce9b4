// H5Fget_file_image gives a superblock with a wrong checksum in HDF5 1.10.8 (its issue 1915). So
// the core driver gets memory from us, and what it gives back when the file is closed is the file.
#include "engine/file_image.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "engine/hdf5_write.hpp"

namespace fingers {

namespace {

constexpr std::size_t kIncrement = 4U << 20U;
/// The superblock of version 3 names the end of the file here; the buffer is longer.
constexpr std::size_t kEndOfFileAt = 28;

}  // namespace

// C memory, because the driver wants realloc.
// NOLINTBEGIN(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
struct FileImage::Buffer {
  void* bytes = nullptr;  ///< taken from the driver when the file was closed
  std::size_t size = 0;

  Buffer() = default;
  ~Buffer() { std::free(bytes); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  Buffer(Buffer&&) = delete;
  Buffer& operator=(Buffer&&) = delete;

  static void* allocate(std::size_t size, H5FD_file_image_op_t /*operation*/, void* self) {
    static_cast<Buffer*>(self)->size = size;
    return std::malloc(size);
  }
  static void* copy(void* to, const void* from, std::size_t size,
                    H5FD_file_image_op_t /*operation*/, void* /*self*/) {
    return std::memcpy(to, from, size);
  }
  static void* reallocate(void* old, std::size_t size, H5FD_file_image_op_t /*operation*/,
                          void* self) {
    static_cast<Buffer*>(self)->size = size;
    return std::realloc(old, size);
  }
  static herr_t release(void* old, H5FD_file_image_op_t operation, void* self) {
    if (operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE) {
      static_cast<Buffer*>(self)->bytes = old;
    } else {
      std::free(old);
    }
    return 0;
  }
  static void* share(void* self) { return self; }
  static herr_t unshare(void* /*self*/) { return 0; }
};
// NOLINTEND(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)

FileImage::FileImage() : buffer_(std::make_unique<Buffer>()) {
  prepare_hdf5();
  H5FD_file_image_callbacks_t callbacks = {
      .image_malloc = Buffer::allocate,
      .image_memcpy = Buffer::copy,
      .image_realloc = Buffer::reallocate,
      .image_free = Buffer::release,
      .udata_copy = Buffer::share,
      .udata_free = Buffer::unshare,
      .udata = buffer_.get(),
  };
  const Handle access = file_access();
  check(H5Pset_fapl_core(access.get(), kIncrement, false), "set up a file in memory");
  check(H5Pset_file_image_callbacks(access.get(), &callbacks), "set up a file in memory");
  file_ = checked(H5Fcreate("image", H5F_ACC_TRUNC, file_creation().get(), access.get()),
                  "make a file in memory");
}

FileImage::~FileImage() = default;  // the file goes first and leaves its buffer behind

std::span<const std::byte> FileImage::close() {
  if (!file_.close() || buffer_->bytes == nullptr) {
    throw Hdf5Error("cannot finish a file in memory: " + hdf5_reason());
  }
  std::uint64_t end = 0;
  std::memcpy(&end, static_cast<const std::byte*>(buffer_->bytes) + kEndOfFileAt, sizeof(end));
  if (end > buffer_->size) {
    throw Hdf5Error("cannot finish a file in memory: its end lies behind its bytes");
  }
  return {static_cast<const std::byte*>(buffer_->bytes), end};
}

}  // namespace fingers
