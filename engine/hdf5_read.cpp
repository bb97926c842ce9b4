#include "engine/hdf5_read.hpp"

#include <array>
#include <filesystem>
#include <sstream>

namespace fingers {

namespace {

constexpr std::uint64_t kMostTexts = 50'000'000;

/// Frees the memory that the library made for variable-length strings, also when something throws.
class BorrowedTexts {
 public:
  BorrowedTexts(const Handle& type, const Handle& space, std::uint64_t n)
      : type_(type), space_(space), pointers(n, nullptr) {}
  ~BorrowedTexts() {
    H5Dvlen_reclaim(type_.get(), space_.get(), H5P_DEFAULT, static_cast<void*>(pointers.data()));
  }
  BorrowedTexts(const BorrowedTexts&) = delete;
  BorrowedTexts& operator=(const BorrowedTexts&) = delete;
  BorrowedTexts(BorrowedTexts&&) = delete;
  BorrowedTexts& operator=(BorrowedTexts&&) = delete;

  [[nodiscard]] std::vector<std::string> copy() const {
    std::vector<std::string> texts;
    for (const char* const pointer : pointers) {
      texts.emplace_back(pointer == nullptr ? "" : pointer);
    }
    return texts;
  }

 private:
  const Handle& type_;
  const Handle& space_;

 public:
  std::vector<char*> pointers;
};

std::uint64_t n_elements(const Handle& space, const std::string& name) {
  const hssize_t n = H5Sget_simple_extent_npoints(space.get());
  if (n < 0 || static_cast<std::uint64_t>(n) > kMostTexts) {
    throw Hdf5Error("'" + name + "' has an impossible length");
  }
  return static_cast<std::uint64_t>(n);
}

void expect_variable_text(hid_t type, const std::string& name) {
  if (H5Tis_variable_str(type) <= 0) {
    throw Hdf5Error("'" + name + "' is not a text");
  }
}

std::vector<std::string> read_text_dataset(const Handle& parent, const std::string& name) {
  const Handle dataset = open_dataset(parent, name);
  const Handle stored = checked(H5Dget_type(dataset.get()), "read the type of '" + name + "'");
  expect_variable_text(stored.get(), name);
  const Handle space = checked(H5Dget_space(dataset.get()), "read the size of '" + name + "'");
  const Handle type = string_type();
  BorrowedTexts texts(type, space, n_elements(space, name));
  if (!texts.pointers.empty()) {
    check(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT,
                  static_cast<void*>(texts.pointers.data())),
          "read dataset '" + name + "'");
  }
  return texts.copy();
}

}  // namespace

Handle open_hdf5_file(const std::string& path) {
  prepare_hdf5();
  if (!std::filesystem::is_regular_file(path)) {
    throw InputError("cannot read '" + path + "': there is no such file");
  }
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, file_access().get());
  if (file < 0) {
    throw InputError("cannot read '" + path + "': it is no HDF5 file, or a damaged one (" +
                     hdf5_reason() + ")");
  }
  return Handle(file);
}

InputError unreadable(const std::string& path, const Hdf5Error& error) {
  InputError said("cannot read '" + path + "': " + error.what() +
                  "; the file is damaged, or was written by another program or version");
  return said;
}

Handle open_group(const Handle& parent, const std::string& name) {
  return checked(H5Gopen2(parent.get(), name.c_str(), H5P_DEFAULT), "open group '" + name + "'");
}

Handle open_dataset(const Handle& parent, const std::string& name) {
  // Chunks are read whole and kept by the reader; the library's cache would only cost memory.
  const Handle access = checked(H5Pcreate(H5P_DATASET_ACCESS), "set up reading");
  check(H5Pset_chunk_cache(access.get(), 0, 0, 1.0), "set up reading");
  return checked(H5Dopen2(parent.get(), name.c_str(), access.get()), "open dataset '" + name + "'");
}

bool has_link(const Handle& parent, const std::string& name) {
  return H5Lexists(parent.get(), name.c_str(), H5P_DEFAULT) > 0;
}

bool has_attribute(const Handle& object, const std::string& name) {
  return H5Aexists(object.get(), name.c_str()) > 0;
}

std::string read_text_attribute(const Handle& object, const std::string& name) {
  const Handle attribute =
      checked(H5Aopen(object.get(), name.c_str(), H5P_DEFAULT), "read attribute '" + name + "'");
  const Handle stored =
      checked(H5Aget_type(attribute.get()), "read the type of attribute '" + name + "'");
  expect_variable_text(stored.get(), name);
  const Handle space =
      checked(H5Aget_space(attribute.get()), "read the size of attribute '" + name + "'");
  if (n_elements(space, name) != 1) {
    throw Hdf5Error("attribute '" + name + "' is not one text");
  }
  const Handle type = string_type();
  BorrowedTexts texts(type, space, 1);
  check(H5Aread(attribute.get(), type.get(), static_cast<void*>(texts.pointers.data())),
        "read attribute '" + name + "'");
  return texts.copy().front();
}

std::uint64_t read_whole_attribute(const Handle& object, const std::string& name) {
  const Handle attribute =
      checked(H5Aopen(object.get(), name.c_str(), H5P_DEFAULT), "read attribute '" + name + "'");
  const Handle type =
      checked(H5Aget_type(attribute.get()), "read the type of attribute '" + name + "'");
  const Handle space =
      checked(H5Aget_space(attribute.get()), "read the size of attribute '" + name + "'");
  if (H5Tget_class(type.get()) != H5T_INTEGER || n_elements(space, name) != 1) {
    throw Hdf5Error("attribute '" + name + "' is not one whole number");
  }
  std::uint64_t value = 0;
  check(H5Aread(attribute.get(), H5T_NATIVE_UINT64, &value), "read attribute '" + name + "'");
  return value;
}

std::string read_text(const Handle& parent, const std::string& name) {
  const std::vector<std::string> texts = read_text_dataset(parent, name);
  if (texts.size() != 1) {
    throw Hdf5Error("dataset '" + name + "' is not one text");
  }
  return texts.front();
}

std::vector<std::string> read_texts(const Handle& parent, const std::string& name) {
  return read_text_dataset(parent, name);
}

ColumnType column_type(const Handle& dataset, const std::string& name) {
  const Handle type = checked(H5Dget_type(dataset.get()), "read the type of '" + name + "'");
  for (const ColumnType candidate :
       {ColumnType::u1, ColumnType::u4, ColumnType::u8, ColumnType::f4, ColumnType::f8}) {
    if (H5Tequal(type.get(), file_type(candidate)) > 0) {
      return candidate;
    }
  }
  throw Hdf5Error("dataset '" + name + "' has a type that is none of this format");
}

std::vector<std::uint64_t> lengths_of(const Handle& dataset, const std::string& name) {
  const Handle space = checked(H5Dget_space(dataset.get()), "read the size of '" + name + "'");
  const int rank = H5Sget_simple_extent_ndims(space.get());
  if (rank < 0 || rank > 2) {
    throw Hdf5Error("dataset '" + name + "' has an impossible rank");
  }
  std::array<hsize_t, 2> size{};
  check(H5Sget_simple_extent_dims(space.get(), size.data(), nullptr),
        "read the size of '" + name + "'");
  return {size.begin(), size.begin() + rank};
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

}  // namespace fingers
