// Loading a config with what it builds on, and the questions a Document answers. Tested by
// tests/engine/document_test.cpp.
#include <algorithm>
#include <utility>

#include "engine/config_reader.hpp"
#include "engine/json_parser.hpp"
#include "engine/json_tree.hpp"
#include "engine/json_value.hpp"

namespace fingers {

namespace {

/// Parses a text that must be one object, the next file of the tree.
bool parse_file(std::string_view text, const std::string& shown_path, Document::Tree& tree,
                JsonNode& root, Mistakes& mistakes) {
  const auto file = static_cast<std::uint32_t>(tree.files.size());
  tree.files.push_back(shown_path);
  if (!parse_json(text, tree, file, root, mistakes)) {
    return false;
  }
  if (root.members() == nullptr) {
    mistakes.push_back({.where = tree.location(root.place),
                        .pointer = {},
                        .message = "expected an object: the text must begin with '{'"});
    return false;
  }
  return true;
}

/// The configs of a chain of bases, nearest first, and what is wrong with them.
struct Chain {
  Document::Tree tree;  ///< for the names of its files; its root is made last
  std::vector<JsonNode> layers;
  Mistakes mistakes;
  bool whole = true;
};

void reject_base(Chain& chain, const Location& where, std::string message) {
  chain.mistakes.push_back({.where = where,
                            .pointer = chain.layers.empty() ? "" : "/base",
                            .message = std::move(message)});
}

/// Adds the config at `path`, which is named at `where`; false when there is nothing to add.
bool add_layer(Chain& chain, const std::string& path, const Location& where,
               const TextSource& source) {
  const TextAnswer answer = source(path, chain.tree.files.empty() ? "" : chain.tree.files.back());
  const std::string& shown = answer.path.empty() ? path : answer.path;
  const auto& files = chain.tree.files;
  if (const auto again = std::ranges::find(files, shown); again != files.end()) {
    std::string circle;
    for (auto file = again; file != files.end(); ++file) {
      circle += *file + " → ";
    }
    reject_base(chain, where, "a config cannot build on itself: " + circle + shown);
    return false;
  }
  if (!answer.text) {
    const std::string why = answer.problem.empty() ? "cannot be read" : answer.problem;
    const bool is_base = !chain.layers.empty();
    reject_base(chain, is_base ? where : Location{.file = shown},
                is_base ? shown + ": " + why : why);
    return false;
  }
  JsonNode layer;
  const bool whole = parse_file(*answer.text, shown, chain.tree, layer, chain.mistakes);
  chain.layers.push_back(std::move(layer));
  return whole;
}

/// Takes "base" out of the last layer: the path it names, or nothing.
std::optional<std::string> take_base(Chain& chain, Location& where) {
  JsonMembers& members = *chain.layers.back().members();
  const auto found = members.find("base");
  if (found == members.end()) {
    return std::nullopt;
  }
  const JsonNode base = std::move(found->second);
  members.erase(found);
  where = chain.tree.location(base.place);
  if (base.text() == nullptr && !base.is_null()) {
    reject_base(chain, where, "expected the path of a config, found " + shown_text(base));
    chain.whole = false;
  }
  return base.text() == nullptr ? std::nullopt : std::optional(*base.text());
}

Chain read_chain(const std::string& path, const TextSource& source) {
  constexpr std::size_t kMaxLayers = 64;  // also ends a circle that a source shows under new names
  Chain chain;
  Location where;
  for (std::optional<std::string> next = path; next;) {
    if (chain.layers.size() == kMaxLayers) {
      reject_base(chain, where, "more than 64 configs build on each other");
      chain.whole = false;
      break;
    }
    if (!add_layer(chain, *next, where, source)) {
      chain.whole = false;
      break;
    }
    next = take_base(chain, where);
  }
  return chain;
}

}  // namespace

Document::Document() : tree_(std::make_unique<Tree>()) {}
Document::~Document() = default;
Document::Document(const Document& other) : tree_(std::make_unique<Tree>(*other.tree_)) {}
Document::Document(Document&& other) noexcept = default;
Document& Document::operator=(const Document& other) {
  if (this != &other) {
    tree_ = std::make_unique<Tree>(*other.tree_);
  }
  return *this;
}
Document& Document::operator=(Document&& other) noexcept = default;

Location Document::location(std::string_view pointer) const {
  return tree_->location(find_node(tree_->root, pointer).node->place);
}

std::optional<std::string> Document::text_at(std::string_view pointer) const {
  const FoundNode found = find_node(tree_->root, pointer);
  return found.exact ? std::optional(compact_text(*found.node)) : std::nullopt;
}

std::string Document::text() const { return indented_text(tree_->root) + "\n"; }

std::vector<std::string> Document::names_at(std::string_view pointer) const {
  const FoundNode found = find_node(tree_->root, pointer);
  std::vector<std::string> names;
  if (found.exact && found.node->members() != nullptr) {
    for (const auto& member : *found.node->members()) {
      names.push_back(member.first);
    }
  }
  return names;
}

Loaded load_document(const std::string& path, const TextSource& source) {
  Chain chain = read_chain(path, source);
  Loaded loaded;
  loaded.mistakes = std::move(chain.mistakes);
  loaded.whole = chain.whole;
  chain.tree.root = JsonNode{.value = JsonMembers{}, .place = {}, .key_place = {}};
  while (!chain.layers.empty()) {
    if (chain.layers.back().members() != nullptr) {
      merge(chain.tree.root, std::move(chain.layers.back()));
    }
    chain.layers.pop_back();
  }
  loaded.document.tree() = std::move(chain.tree);
  return loaded;
}

Loaded parse_document(const std::string& text, const std::string& shown_path) {
  Loaded loaded;
  Document::Tree& tree = loaded.document.tree();
  JsonNode root;
  loaded.whole = parse_file(text, shown_path, tree, root, loaded.mistakes);
  if (root.members() != nullptr) {
    merge(tree.root, std::move(root));  // as load_document does: a null says "not there"
  }
  return loaded;
}

}  // namespace fingers
