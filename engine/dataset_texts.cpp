// Tested by tests/engine/dataset_texts_test.cpp.
#include "engine/dataset_texts.hpp"

#include <algorithm>
#include <vector>

#include "engine/hash.hpp"
#include "engine/hdf5_read.hpp"
#include "engine/hdf5_write.hpp"

namespace fingers {

namespace {

constexpr const char* kHashName = "texts_sha256";
constexpr int kDeepest = 2;  ///< datasets lie in the groups of the root

/// A name that the library gives piece by piece: first its length, then its bytes.
template <class Ask>
std::string asked_name(const Ask& ask) {
  const ssize_t length = ask(nullptr, 0);
  if (length < 0) {
    throw Hdf5Error("cannot read a name: " + hdf5_reason());
  }
  std::string name(static_cast<std::size_t>(length) + 1, '\0');
  check(static_cast<herr_t>(std::min<ssize_t>(ask(name.data(), name.size()), 0)), "read a name");
  name.pop_back();
  return name;
}

std::vector<std::string> names_of_links(const Handle& group) {
  H5G_info_t about{};
  check(H5Gget_info(group.get(), &about), "read a group");
  std::vector<std::string> names;
  for (hsize_t i = 0; i < about.nlinks; ++i) {
    names.push_back(asked_name([&](char* to, std::size_t size) {
      return H5Lget_name_by_idx(group.get(), ".", H5_INDEX_NAME, H5_ITER_INC, i, to, size,
                                H5P_DEFAULT);
    }));
  }
  std::ranges::sort(names);
  return names;
}

/// Of the attributes that are texts of variable length.
std::vector<std::string> names_of_text_attributes(const Handle& object) {
  std::vector<std::string> names;
  const int n = H5Aget_num_attrs(object.get());
  check(std::min(n, 0), "count attributes");
  for (hsize_t i = 0; i < static_cast<hsize_t>(n); ++i) {
    const Handle attribute = checked(
        H5Aopen_by_idx(object.get(), ".", H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT),
        "open an attribute");
    const Handle type = checked(H5Aget_type(attribute.get()), "read the type of an attribute");
    if (H5Tis_variable_str(type.get()) > 0) {
      names.push_back(asked_name(
          [&](char* to, std::size_t size) { return H5Aget_name(attribute.get(), size, to); }));
    }
  }
  std::ranges::sort(names);
  return names;
}

bool holds_texts(const Handle& dataset) {
  const Handle type = checked(H5Dget_type(dataset.get()), "read the type of a dataset");
  return H5Tis_variable_str(type.get()) > 0;
}

/// Feeds the texts of a file to a hash.
class TextWalk {
 public:
  explicit TextWalk(Sha256& sha) : sha_(sha) {}

  void add_attributes(const Handle& object, const std::string& path) {
    for (const std::string& name : names_of_text_attributes(object)) {
      if (path != "/" || name != kHashName) {
        add(path, name, {read_text_attribute(object, name)});
      }
    }
  }

  void add_group(const Handle& group, const std::string& path, int depth) {
    if (depth > kDeepest) {
      throw Hdf5Error("'" + path + "' lies deeper than anything of this format");
    }
    for (const std::string& name : names_of_links(group)) {
      std::string inner = path;
      inner += depth == 1 ? "" : "/";
      inner += name;
      add_member(group, name, inner, depth);
    }
  }

 private:
  void add_member(const Handle& group, const std::string& name, const std::string& path,
                  int depth) {
    const Handle member =
        checked(H5Oopen(group.get(), name.c_str(), H5P_DEFAULT), "open '" + path + "'");
    add_attributes(member, path);
    const H5I_type_t kind = H5Iget_type(member.get());
    if (kind == H5I_GROUP) {
      add_group(member, path, depth + 1);
    } else if (kind == H5I_DATASET && holds_texts(member)) {
      add(path, "", read_texts(group, name));
    }
  }

  void add(const std::string& path, const std::string& attribute,
           const std::vector<std::string>& texts) {
    sha_.add_text(path);
    sha_.add_text(attribute);
    sha_.add_number(texts.size());
    for (const std::string& text : texts) {
      sha_.add_text(text);
    }
  }

  Sha256& sha_;
};

}  // namespace

std::string texts_sha256(const Handle& file) {
  const Handle root = open_group(file, "/");
  Sha256 sha;
  TextWalk walk(sha);
  walk.add_attributes(root, "/");
  walk.add_group(root, "/", 1);
  return sha.hex();
}

void write_texts_sha256(const Handle& file) {
  write_attribute(file, kHashName, texts_sha256(file));
}

std::optional<bool> texts_are_whole(const Handle& file) {
  if (!has_attribute(file, kHashName)) {
    return std::nullopt;
  }
  return read_text_attribute(file, kHashName) == texts_sha256(file);
}

void expect_whole_texts(const Handle& file) {
  if (!texts_are_whole(file).value_or(true)) {
    throw Hdf5Error("its texts do not have the SHA-256 that the file says");
  }
}

}  // namespace fingers
