// Reads declared parameters out of a document. A frame is an object or list that is open; what was
// read is built beside it, so that the resolved config is a by-product of reading. Tested by
// tests/engine/config_reader_test.cpp.
#include "engine/config_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <tuple>
#include <utility>

#include "engine/config_frames.hpp"
#include "engine/contract.hpp"
#include "engine/json_tree.hpp"
#include "engine/json_value.hpp"

namespace fingers {

namespace {

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_remark(std::string_view key) { return key == "note" || key == "source"; }

}  // namespace

void ParameterReader::State::ask(std::string_view key) {
  if (!holds(top().asked, key)) {
    top().asked.emplace_back(key);
  }
}

/// The value at a key of the open object, which counts as read from now on.
const JsonNode* ParameterReader::State::take(std::string_view key) {
  EXPECT_CONTRACT(top().resolved.members() != nullptr);  // an object is open, not a list
  const bool read_twice = holds(top().read, key);
  EXPECT_CONTRACT(!read_twice);
  ask(key);
  top().read.emplace_back(key);
  return top().node == nullptr ? nullptr : top().node->member(key);
}

void ParameterReader::State::note_at(std::string pointer, const Place& place, std::string message) {
  mistakes.push_back({.where = tree.location(place),
                      .pointer = std::move(pointer),
                      .message = std::move(message)});
}

void ParameterReader::State::note(std::string_view key, const Place& place, std::string message) {
  note_at(top().pointer + pointer_step(key), place, std::move(message));
}

/// Opens an object or list, whichever `empty` is. Expects that `key` was taken.
void ParameterReader::State::open(std::string_view key, const JsonNode* node, JsonNode empty) {
  Frame frame;
  frame.key = key;
  frame.pointer = top().pointer + pointer_step(key);
  frame.place = node != nullptr ? node->place : top().place;
  frame.broken = top().broken;
  if (node != nullptr && node->value.index() != empty.value.index()) {
    const bool is_list = empty.items() != nullptr;
    note(key, node->place,
         std::string(is_list ? "expected a list, found " : "expected an object, found ") +
             shown_text(*node));
    node = nullptr;
    frame.broken = true;
  }
  frame.node = node;
  frame.resolved = std::move(empty);
  frames.push_back(std::move(frame));
}

/// Says of a key that nobody read whether it exists at all.
void ParameterReader::State::note_unread(std::string_view key, const Place& place) {
  const auto& known = top().asked;
  if (holds(known, key)) {
    note(key, place, "has no effect beside the other keys here; leave it out");
  } else {
    note(key, place,
         "unknown key" + suggestion(key, known) +
             (known.empty() ? "" : " (known here: " + listed(known) + ")"));
  }
}

/// Notes what the open object holds beyond what was read; keeps its remarks.
void ParameterReader::State::check_keys() {
  if (top().node == nullptr || top().node->members() == nullptr) {
    return;
  }
  const bool is_root = frames.size() == 1;
  for (const auto& [key, member] : *top().node->members()) {
    if (holds(top().read, key) || (is_root && key == "$schema")) {
      continue;
    }
    if (!is_remark(key)) {
      note_unread(key, member.key_place);
    } else {
      if (member.text() == nullptr) {
        note(key, member.place, "expected a text, found " + shown_text(member));
      }
      top().resolved.members()->emplace(key, member);
    }
  }
}

ParameterReader::ParameterReader(const Document& document)
    : state_(std::make_unique<State>(State{
          .tree = document.tree(), .mistakes = mistakes_, .parameters = resolved_, .frames = {}})) {
  Frame root;
  root.node = &document.tree().root;
  root.pointer = document.tree().origin;
  root.place = root.node->place;
  root.resolved = json_node(JsonMembers{});
  state_->frames.push_back(std::move(root));
  if (document.tree().root.members() == nullptr) {
    state_->note_at(state_->top().pointer, document.tree().root.place,
                    "expected an object, found " + shown_text(document.tree().root));
    state_->top().broken = true;
  }
}

ParameterReader::~ParameterReader() = default;

void ParameterReader::begin(std::string_view key, std::string_view /*meaning*/) {
  const JsonNode* const node = state_->take(key);
  state_->open(key, node, json_node(JsonMembers{}));
}

std::size_t ParameterReader::begin_list(std::string_view key, std::string_view /*meaning*/) {
  const JsonNode* const node = state_->take(key);
  state_->open(key, node, json_node(JsonItems{}));
  const JsonNode* const list = state_->top().node;
  return list == nullptr ? 0 : list->items()->size();
}

void ParameterReader::begin_item(std::size_t index) {
  const Frame& list = state_->top();
  EXPECT_CONTRACT(list.resolved.items() != nullptr);
  EXPECT_CONTRACT(list.node != nullptr && index < list.node->items()->size());
  state_->open(std::to_string(index), &(*list.node->items())[index], json_node(JsonMembers{}));
}

void ParameterReader::end() {
  EXPECT_CONTRACT(state_->frames.size() > 1);
  state_->check_keys();
  Frame done = std::move(state_->frames.back());
  state_->frames.pop_back();
  JsonNode& parent = state_->top().resolved;
  if (JsonItems* const items = parent.items()) {
    items->push_back(std::move(done.resolved));
  } else {
    parent.members()->insert_or_assign(done.key, std::move(done.resolved));
  }
}

bool ParameterReader::has(std::string_view key) {
  state_->ask(key);
  return state_->top().node != nullptr && state_->top().node->member(key) != nullptr;
}

std::vector<std::string> ParameterReader::entries(std::string_view key,
                                                  const std::vector<std::string>& /*examples*/) {
  state_->ask(key);
  std::vector<std::string> names;
  const JsonNode* const map =
      state_->top().node == nullptr ? nullptr : state_->top().node->member(key);
  if (map == nullptr || map->members() == nullptr) {
    return names;  // begin says so, where it is of a wrong type
  }
  for (const auto& [name, entry] : *map->members()) {
    if (!is_remark(name) || entry.text() == nullptr) {
      names.push_back(name);
    }
  }
  return names;
}

void ParameterReader::reject(std::string_view key, const std::string& message) {
  const Frame& open = state_->top();
  const std::string relative = key.empty() ? std::string() : "/" + std::string(key);
  const Place place =
      open.node == nullptr ? open.place : find_node(*open.node, relative).node->place;
  state_->note_at(open.pointer + relative, place, message);
}

std::optional<Document> ParameterReader::subtree(std::string_view key) {
  const JsonNode* const node = state_->take(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  state_->top().resolved.members()->insert_or_assign(std::string(key), *node);
  Document document;
  document.tree() = {.root = *node,
                     .files = state_->tree.files,
                     .origin = state_->top().pointer + pointer_step(key)};
  return document;
}

void ParameterReader::finish() {
  EXPECT_CONTRACT(state_->frames.size() == 1);
  state_->check_keys();
  const auto& files = state_->tree.files;
  // A multimap keeps the order of equals. std::stable_sort would too, but its buffer is a
  // deprecated call in some standard libraries.
  std::multimap<std::tuple<std::ptrdiff_t, std::uint32_t, std::uint32_t>, Mistake> in_order;
  for (Mistake& mistake : mistakes_) {
    const auto file = std::ranges::find(files, mistake.where.file) - files.begin();
    const std::tuple place(file, mistake.where.line, mistake.where.column);
    in_order.emplace(place, std::move(mistake));
  }
  mistakes_.clear();
  for (auto& [place, mistake] : in_order) {
    mistakes_.push_back(std::move(mistake));
  }
}

std::string ParameterReader::resolved_text() const {
  return indented_text(state_->frames.front().resolved) + "\n";
}

}  // namespace fingers
