// Tested by tests/engine/dataset_texts_test.cpp.
#include "engine/dataset_texts.hpp"

#include <algorithm>
#include <new>
#include <string>
#include <vector>

#include "engine/hash.hpp"
#include "engine/hdf5_read.hpp"
#include "engine/hdf5_write.hpp"

namespace fingers {

namespace {

constexpr const char* kHashName = "texts_sha256";
constexpr int kDeepest = 2;  ///< datasets lie in the groups of the root

using Names = std::vector<std::string>;

/// What the library calls for each name, of a link or an attribute; nothing may be thrown through
/// it.
template <class Info>
herr_t note_name(hid_t /*object*/, const char* name, const Info* /*info*/, void* names) noexcept {
  try {
    static_cast<Names*>(names)->emplace_back(name);
    return 0;
  } catch (const std::bad_alloc&) {
    return -1;
  }
}

/// One pass: to ask for each name by its number makes the library list all of them every time.
Names names_of_links(const Handle& group) {
  Names names;
  check(H5Literate(group.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, note_name<H5L_info_t>, &names),
        "read the names of a group");
  std::ranges::sort(names);
  return names;
}

Names names_of_attributes(const Handle& object) {
  Names names;
  check(
      H5Aiterate2(object.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, note_name<H5A_info_t>, &names),
      "read the names of attributes");
  std::ranges::sort(names);
  return names;
}

/// Whether these are texts of variable length.
bool is_text_attribute(const Handle& object, const std::string& name) {
  const Handle attribute =
      checked(H5Aopen(object.get(), name.c_str(), H5P_DEFAULT), "open an attribute");
  const Handle type = checked(H5Aget_type(attribute.get()), "read the type of an attribute");
  return H5Tis_variable_str(type.get()) > 0;
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
    for (const std::string& name : names_of_attributes(object)) {
      if ((path != "/" || name != kHashName) && is_text_attribute(object, name)) {
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
