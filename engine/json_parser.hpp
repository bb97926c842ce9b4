// Strict JSON (RFC 8259, nothing beyond it) to a tree that knows its places. For config_reader's
// own files only. Built on nlohmann's SAX parser, which is iterative and reports errors as events;
// what it lets pass is refused here: duplicate keys, deep nesting, a byte order mark, a zero byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/json_tree.hpp"
#include "engine/mistake.hpp"

namespace fingers {

/// More values than a config ever needs; keeps a hostile 64 MB file within some 300 MB of memory.
inline constexpr std::size_t kMaxConfigValues = 2'000'000;

/// What the parser was in the middle of when it stopped: what may stand next follows from it.
enum class ParseState : std::uint8_t {
  at_start,       ///< a value must come
  object_opened,  ///< a key or }
  after_key,      ///< : and a value
  after_member,   ///< , and a key, or }
  list_opened,    ///< a value or ]
  after_item,     ///< , and a value, or ]
  at_end          ///< nothing more
};

/// Why a text is not JSON.
struct Fault {
  std::size_t offset = 0;  ///< of the byte that a person should look at
  std::string message;
};

/// Explains in words why parsing stopped. `end` is where the last good token ended, `stopped_at`
/// the byte that the parser could not take, `said` the library's own message.
Fault describe_fault(std::string_view text, std::size_t end, ParseState state,
                     std::size_t stopped_at, std::string_view said);

/// Where the token that begins at `start` ends. Expects a valid token.
std::size_t token_end(std::string_view text, std::size_t start);

/// Parses `text`, the `file`th of `tree`, into `root`. Answers whether the text was read to its
/// end; mistakes may be noted even then (duplicate keys).
bool parse_json(std::string_view text, const Document::Tree& tree, std::uint32_t file,
                JsonNode& root, Mistakes& mistakes);

}  // namespace fingers
