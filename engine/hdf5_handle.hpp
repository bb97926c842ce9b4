// HDF5 identifiers that close themselves, and the library's errors as an exception. Only the files
// of the store include this; at their doors an Hdf5Error becomes an InputError or an OutputError.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/records.hpp"

namespace fingers {

class Hdf5Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Any HDF5 identifier. An identifier that leaked after an error makes the library loop when it
/// closes.
class Handle {
 public:
  Handle() = default;
  explicit Handle(hid_t id) : id_(id) {}
  ~Handle() { close(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }

  [[nodiscard]] hid_t get() const { return id_; }
  /// The same identifier once more: it is closed when both are.
  [[nodiscard]] Handle another() const {
    H5Iinc_ref(id_);
    return Handle(id_);
  }
  /// false when the library could not write what was left to write.
  bool close() {
    const hid_t id = std::exchange(id_, H5I_INVALID_HID);
    return id < 0 || H5Idec_ref(id) >= 0;
  }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

/// To be called before any use: no printing by the library, no clean-up of its own at exit (which
/// crashes after a failed write).
void prepare_hdf5();

/// The innermost reason on the library's error stack; of a failed system call its message.
std::string hdf5_reason();

/// Takes an identifier; throws Hdf5Error when it is none. `doing`: "make dataset 'time'".
Handle checked(hid_t id, const std::string& doing);
/// Throws Hdf5Error when the status says failure.
void check(herr_t status, const std::string& doing);

/// The library's type in memory and, little-endian, in the file.
hid_t memory_type(ColumnType type);
hid_t file_type(ColumnType type);
std::size_t bytes_of(ColumnType type);

/// A variable-length UTF-8 string (fixed ones crash netCDF4 4.9).
Handle string_type();

/// Properties of a file that is opened or made: format of HDF5 1.10 (its metadata has checksums),
/// no locks (a file is written under a temporary name, and never changed once it has its own).
Handle file_access();

}  // namespace fingers
