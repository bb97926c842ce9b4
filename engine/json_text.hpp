// JSON that the program writes: objects built member by member, in the order given.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fingers {

class JsonObject {
 public:
  /// How the members stand: one to a line, or all on one.
  enum class Layout : std::uint8_t { lines, line };

  explicit JsonObject(Layout layout) : layout_(layout) {}

  JsonObject& text(std::string_view key, std::string_view value);
  JsonObject& number(std::string_view key, double value);  ///< null where it is not finite
  JsonObject& whole(std::string_view key, std::uint64_t value);
  JsonObject& json(std::string_view key, std::string_view value);  ///< a value that is JSON already

  [[nodiscard]] std::string str() const;

 private:
  Layout layout_;
  std::string members_;
};

/// A list of values that are JSON already, on one line.
std::string json_list(const std::vector<std::string>& items);
/// The same, one to a line, for a member of an object whose layout is `lines`.
std::string json_lines(const std::vector<std::string>& items);

}  // namespace fingers
