// What a ParameterReader has open and what it has found, shared by the files that implement it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config_reader.hpp"
#include "engine/json_tree.hpp"

namespace fingers {

/// An object or list that is being read.
struct Frame {
  const JsonNode* node = nullptr;  ///< null where the config has none
  std::string key;                 ///< in its parent
  std::string pointer;
  Place place;                     ///< its own, or the nearest parent's
  bool broken = false;             ///< of a wrong type: said once, and what it lacks is not
  JsonNode resolved;               ///< what it comes to, with all defaults
  std::vector<std::string> asked;  ///< keys that exist here, in order of asking
  std::vector<std::string> read;   ///< those that were read
};

struct ParameterReader::State {
  const Document::Tree& tree;
  Mistakes& mistakes;
  std::vector<Resolved>& parameters;
  std::vector<Frame> frames;  ///< from the root to the innermost

  Frame& top() { return frames.back(); }
  void ask(std::string_view key);
  const JsonNode* take(std::string_view key);
  void note(std::string_view key, const Place& place, std::string message);
  void note_at(std::string pointer, const Place& place, std::string message);
  void open(std::string_view key, const JsonNode* node, JsonNode empty);
  void note_unread(std::string_view key, const Place& place);
  void check_keys();
  void read_items(std::string_view key, const JsonItems& items,
                  const std::function<std::string(const JsonNode&)>& read);
  void keep(std::string_view key, const JsonNode* node, const std::string& problem, JsonNode value,
            const Declaration& declaration);
};

}  // namespace fingers
