#include "engine/hdf5_handle.hpp"

#include "engine/contract.hpp"

namespace fingers {

namespace {

herr_t take_innermost(unsigned depth, const H5E_error2_t* error, void* text) {
  if (depth == 0 && error->desc != nullptr) {
    *static_cast<std::string*>(text) = error->desc;
  }
  return 0;
}

}  // namespace

void prepare_hdf5() {
  static const bool once = [] {
    H5dont_atexit();
    return true;
  }();
  static_cast<void>(once);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // is kept for each thread, so set each time
}

std::string hdf5_reason() {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_innermost, &text);
  constexpr std::string_view kMarker = "error message = '";
  if (const std::size_t start = text.find(kMarker); start != std::string::npos) {
    const std::size_t first = start + kMarker.size();
    return text.substr(first, text.find('\'', first) - first);
  }
  return text.empty() ? "unknown reason" : text;
}

Handle checked(hid_t id, const std::string& doing) {
  if (id < 0) {
    throw Hdf5Error("cannot " + doing + ": " + hdf5_reason());
  }
  return Handle(id);
}

void check(herr_t status, const std::string& doing) {
  if (status < 0) {
    throw Hdf5Error("cannot " + doing + ": " + hdf5_reason());
  }
}

hid_t memory_type(ColumnType type) {
  switch (type) {
    case ColumnType::u1:
      return H5T_NATIVE_UINT8;
    case ColumnType::u4:
      return H5T_NATIVE_UINT32;
    case ColumnType::u8:
      return H5T_NATIVE_UINT64;
    case ColumnType::f4:
      return H5T_NATIVE_FLOAT;
    case ColumnType::f8:
      return H5T_NATIVE_DOUBLE;
  }
  EXPECT_CONTRACT(false);
}

hid_t file_type(ColumnType type) {
  switch (type) {
    case ColumnType::u1:
      return H5T_STD_U8LE;
    case ColumnType::u4:
      return H5T_STD_U32LE;
    case ColumnType::u8:
      return H5T_STD_U64LE;
    case ColumnType::f4:
      return H5T_IEEE_F32LE;
    case ColumnType::f8:
      return H5T_IEEE_F64LE;
  }
  EXPECT_CONTRACT(false);
}

std::size_t bytes_of(ColumnType type) {
  switch (type) {
    case ColumnType::u1:
      return 1;
    case ColumnType::u4:
    case ColumnType::f4:
      return 4;
    case ColumnType::u8:
    case ColumnType::f8:
      return 8;
  }
  EXPECT_CONTRACT(false);
}

Handle string_type() {
  Handle type = checked(H5Tcopy(H5T_C_S1), "make a type of text");
  check(H5Tset_size(type.get(), H5T_VARIABLE), "make a type of text");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "make a type of text");
  return type;
}

namespace {

/// A merge has many files open, each with hundreds of datasets. Of each the library would keep a
/// table of 521 chunks, and of each file up to 32 MB of structure, which is ten times that in
/// memory.
void limit_caches(const Handle& access) {
  constexpr std::size_t kChunks = 7;
  constexpr std::size_t kChunkBytes = 1U << 20U;
  constexpr double kKeepOrder = 0.75;
  constexpr std::size_t kStructureBytes = 32U << 10U;
  check(H5Pset_cache(access.get(), 0, kChunks, kChunkBytes, kKeepOrder), "set up a file");
  H5AC_cache_config_t config{};
  config.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  check(H5Pget_mdc_config(access.get(), &config), "set up a file");
  config.set_initial_size = true;
  config.initial_size = kStructureBytes;
  config.min_size = kStructureBytes;
  config.max_size = kStructureBytes;
  check(H5Pset_mdc_config(access.get(), &config), "set up a file");
}

}  // namespace

Handle file_access() {
  Handle access = checked(H5Pcreate(H5P_FILE_ACCESS), "set up a file");
  check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110), "set up a file");
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "set up a file");
  check(H5Pset_file_locking(access.get(), false, true), "set up a file");
  limit_caches(access);
  return access;
}

}  // namespace fingers
