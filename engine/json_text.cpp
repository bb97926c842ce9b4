#include "engine/json_text.hpp"

#include <cmath>

#include "engine/config_reader.hpp"

namespace fingers {

JsonObject& JsonObject::json(std::string_view key, std::string_view value) {
  const bool is_first = members_.empty();
  if (layout_ == Layout::lines) {
    members_ += is_first ? "\n  " : ",\n  ";
  } else if (!is_first) {
    members_ += ", ";
  }
  members_ += json_quoted(key) + ": " + std::string(value);
  return *this;
}

JsonObject& JsonObject::text(std::string_view key, std::string_view value) {
  return json(key, json_quoted(value));
}

JsonObject& JsonObject::number(std::string_view key, double value) {
  return json(key, std::isfinite(value) ? number_text(value) : "null");
}

JsonObject& JsonObject::whole(std::string_view key, std::uint64_t value) {
  return json(key, std::to_string(value));
}

std::string JsonObject::str() const {
  return "{" + members_ + (layout_ == Layout::lines && !members_.empty() ? "\n}" : "}");
}

std::string json_list(const std::vector<std::string>& items) {
  std::string text = "[";
  for (const std::string& item : items) {
    text += (text.size() == 1 ? "" : ", ") + item;
  }
  return text + "]";
}

std::string json_lines(const std::vector<std::string>& items) {
  std::string text = "[";
  for (const std::string& item : items) {
    text += (text.size() == 1 ? "\n    " : ",\n    ") + item;
  }
  return text + (items.empty() ? "]" : "\n  ]");
}

}  // namespace fingers
