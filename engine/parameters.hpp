// Parameter declarations: the one origin of reader, error messages, JSON Schema, `explain` and
// docs. A room declares a struct's parameters once, in a function that visits it:
//
//   void declare(Parameters& p, Coins& c) {
//     p.whole("count", c.count, {.unit = "coins", .standard = 20000, .allowed = {1, 1e8},
//                                .belief = {2e3, 1e5}, .source = kAssume, .meaning = "…"});
//   }
//
// A ParameterReader (config_reader.hpp) fills the struct from a config; a ParameterCatalogue lists
// what there is, without a config.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fingers {

/// A closed interval.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// `.source` of a value that nobody has measured: a belief to sweep, never a fact.
inline constexpr std::string_view kAssume = "assume";
/// `.standard` of a parameter that has no default and must be given.
inline constexpr double kRequired = std::numeric_limits<double>::quiet_NaN();

/// What is said about a parameter, once.
struct Declaration {
  std::string_view
      unit;  ///< "1/yr", "M$", "share"; "-" for a pure number; empty for text and switches
  double standard = 0;  ///< the default; kRequired: none
  Range allowed;        ///< outside: refused
  Range belief;         ///< plausible values, swept by default; empty (infinite) where not a belief
  std::string_view source;       ///< kAssume, or where the number comes from
  std::string_view meaning;      ///< one sentence
  bool may_be_infinite = false;  ///< the text "infinite" is accepted
  bool optional = false;         ///< may be left out: the value then stays what it was
};

/// What is said about a word chosen from a list, or about a free text.
struct TextDeclaration {
  std::string_view standard;  ///< the default; empty: must be given, unless `optional`
  std::string_view meaning;
  bool optional = false;
};

/// One value of a table.
using Cell = std::variant<double, bool, std::string>;

/// Visits declared parameters in the order of the documentation. Not copyable; used by reference.
class Parameters {
 public:
  Parameters() = default;
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;
  Parameters(Parameters&&) = delete;
  Parameters& operator=(Parameters&&) = delete;
  virtual ~Parameters() = default;

  virtual void number(std::string_view key, double& value, const Declaration& declaration) = 0;
  virtual void whole(std::string_view key, std::uint64_t& value,
                     const Declaration& declaration) = 0;
  /// A switch; declaration.standard is 0 or 1.
  virtual void flag(std::string_view key, bool& value, const Declaration& declaration) = 0;
  /// One of `names`; `index` is set to its place in the list.
  virtual void choice(std::string_view key, std::size_t& index,
                      std::span<const std::string_view> names,
                      const TextDeclaration& declaration) = 0;
  virtual void text(std::string_view key, std::string& value,
                    const TextDeclaration& declaration) = 0;

  /// Opens and closes the object at `key`. A missing object reads as an empty one.
  virtual void begin(std::string_view key, std::string_view meaning) = 0;
  virtual void end() = 0;
  /// true when the config holds `key` (for optional objects and exclusive choices); the catalogue
  /// answers true, so that everything is listed.
  virtual bool has(std::string_view key) = 0;

  /// The names of the entries of the object at `key` (a map from name to object), sorted. The
  /// catalogue answers with `examples`. The visitor then opens each with begin(key), begin(name).
  virtual std::vector<std::string> entries(std::string_view key,
                                           const std::vector<std::string>& examples) = 0;

  /// Opens the list of objects at `key` and answers how many there are (a missing list: 0; the
  /// catalogue: 1); each is opened with begin_item(i) and closed with end(); the list is closed
  /// with end().
  virtual std::size_t begin_list(std::string_view key, std::string_view meaning) = 0;
  virtual void begin_item(std::size_t index) = 0;

  /// A list of words at `key`; missing: `standard`.
  virtual void words(std::string_view key, std::vector<std::string>& value,
                     const std::vector<std::string>& standard, std::string_view meaning) = 0;

  /// A list of numbers at `key`; missing: empty.
  virtual void numbers(std::string_view key, std::vector<double>& value,
                       std::string_view meaning) = 0;

  /// A list of lists of numbers, switches and texts at `key`; missing: empty. It is a table of the
  /// reader's own, and no parameter: it is not among those that `explain` lists.
  virtual void rows(std::string_view key, std::vector<std::vector<Cell>>& value,
                    std::string_view meaning) = 0;

  /// A mistake that concerns several values or a name, said at `key` of the open object; `key` may
  /// be a relative pointer ("coins/first/bias").
  virtual void reject(std::string_view key, const std::string& message) = 0;

  /// false while only listing: values are then defaults, and cross checks make no sense.
  [[nodiscard]] virtual bool is_reading() const = 0;
};

/// One parameter as a catalogue lists it.
struct DeclaredParameter {
  /// With `*` for a place in a list, and for a name that the user chooses where the visitor gives
  /// no example.
  std::string pointer;
  /// "number", "whole", "flag", "choice", "text", "words", "numbers", "rows"; "object", "list" (of
  /// objects), "map" (from names that the user chooses to objects)
  std::string type;
  Declaration declaration;
  std::vector<std::string> names;  ///< of a choice
  std::string standard_text;       ///< the default as JSON; empty when it must be given
  bool optional = false;
};

/// Lists every declaration that is visited, once where the same one is visited again. A pointer may
/// come several times with different declarations (one for each kind of policy).
class ParameterCatalogue final : public Parameters {
 public:
  void number(std::string_view key, double& value, const Declaration& declaration) override;
  void whole(std::string_view key, std::uint64_t& value, const Declaration& declaration) override;
  void flag(std::string_view key, bool& value, const Declaration& declaration) override;
  void choice(std::string_view key, std::size_t& index, std::span<const std::string_view> names,
              const TextDeclaration& declaration) override;
  void text(std::string_view key, std::string& value, const TextDeclaration& declaration) override;
  void begin(std::string_view key, std::string_view meaning) override;
  void end() override;
  bool has(std::string_view key) override;
  std::vector<std::string> entries(std::string_view key,
                                   const std::vector<std::string>& examples) override;
  std::size_t begin_list(std::string_view key, std::string_view meaning) override;
  void begin_item(std::size_t index) override;
  void words(std::string_view key, std::vector<std::string>& value,
             const std::vector<std::string>& standard, std::string_view meaning) override;
  void numbers(std::string_view key, std::vector<double>& value, std::string_view meaning) override;
  void rows(std::string_view key, std::vector<std::vector<Cell>>& value,
            std::string_view meaning) override;
  void reject(std::string_view key, const std::string& message) override;
  [[nodiscard]] bool is_reading() const override { return false; }

  [[nodiscard]] const std::vector<DeclaredParameter>& list() const { return list_; }

 private:
  [[nodiscard]] std::string pointer_at(std::string_view key) const;
  void add(std::string_view key, DeclaredParameter parameter);

  std::vector<DeclaredParameter> list_;
  std::vector<std::string> path_;  ///< pointers of what is open, from the outside in
  std::vector<std::string> maps_;  ///< pointers of objects whose members the user names
};

}  // namespace fingers
