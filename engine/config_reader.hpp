// The one door to JSON. A Document is a config with everything it was built on (RFC 7396 merge of
// "base"), and the place where each value was written; a ParameterReader reads declared parameters
// out of it and notes every mistake. Nothing here throws for a user's mistake, and nothing needs a
// file system: texts come through a TextSource, so that the same code runs in a browser.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/mistake.hpp"
#include "engine/parameters.hpp"

namespace fingers {

inline constexpr int kMaxConfigDepth = 64;
inline constexpr std::size_t kMaxConfigBytes = 64U << 20U;

/// A text that was asked for, or why there is none.
struct TextAnswer {
  std::optional<std::string> text;
  std::string path;     ///< as it should be shown, and against which a relative "base" is resolved
  std::string problem;  ///< when there is no text: "no such file", …
};

/// What a text that came through standard input is shown as.
inline constexpr std::string_view kStandardInput = "standard input";

/// Gives the text of a config by its path (or by the name of a built-in one). `from` is the path of
/// the config that names it as base, empty for the first one.
using TextSource = std::function<TextAnswer(const std::string& path, const std::string& from)>;

/// The configs that are part of a program.
struct BuiltinTexts {
  /// By name; empty where there is none of that name.
  std::function<std::string_view(std::string_view)> text;
  /// The name of the one that most others build on.
  std::string base;
};

/// A merged config, immutable once read but for `set`.
class Document {
 public:
  Document();
  ~Document();
  Document(const Document& other);
  Document(Document&& other) noexcept;
  Document& operator=(const Document& other);
  Document& operator=(Document&& other) noexcept;

  /// Where the value at a pointer was written; for a value that is not there, its nearest parent.
  [[nodiscard]] Location location(std::string_view pointer) const;
  /// The value at a pointer as compact JSON, or nothing.
  [[nodiscard]] std::optional<std::string> text_at(std::string_view pointer) const;
  /// The whole tree, keys sorted, as JSON with two spaces of indent.
  [[nodiscard]] std::string text() const;
  /// The names of the members of the object at a pointer, sorted; empty when there is none.
  [[nodiscard]] std::vector<std::string> names_at(std::string_view pointer) const;

  /// Sets the value at a pointer from JSON text (a bare word that is not JSON counts as a string,
  /// so that `--set /title=Test` works). Parents must exist or are made as objects. A mistake is
  /// returned.
  [[nodiscard]] std::optional<Mistake> set(const std::string& pointer, const std::string& value,
                                           const Location& where);

  struct Tree;  ///< the values and their places; for the files behind this door (json_tree.hpp)
  [[nodiscard]] const Tree& tree() const { return *tree_; }
  [[nodiscard]] Tree& tree() { return *tree_; }

 private:
  std::unique_ptr<Tree> tree_;
};

/// A document, or why not. With mistakes the document may be partial and must not be run.
struct Loaded {
  Document document;
  Mistakes mistakes;
  /// false when a text is missing or broken off, so that what is not there may be in the rest of
  /// it.
  bool whole = true;
};

/// Reads `path` through `source`, then its base, its base's base, …, and merges them. Mistakes: a
/// missing text, broken JSON (line and column), duplicate keys, depth over kMaxConfigDepth, size
/// over kMaxConfigBytes, numbers outside double, a base that names itself through any number of
/// steps.
Loaded load_document(const std::string& path, const TextSource& source);

/// Reads one JSON text, which must be an object (no base).
Loaded parse_document(const std::string& text, const std::string& shown_path);

/// Reads declared parameters out of a document. Mistakes noted: missing, wrong type, outside the
/// allowed range, not whole, unknown word (with the nearest), unknown key (with the nearest and the
/// known ones). "note" and "source" texts are allowed in any object, "$schema" in the root. The
/// document must outlive its reader. Reading a key twice in one object is a contract failure.
class ParameterReader final : public Parameters {
 public:
  explicit ParameterReader(const Document& document);
  ~ParameterReader() override;

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
  [[nodiscard]] bool is_reading() const override { return true; }

  /// A subtree that has its own reader (an experiment's factors, a policy's list): marks the key as
  /// known and answers the subtree as a document whose places point into the original files.
  std::optional<Document> subtree(std::string_view key);

  /// Checks the root for unknown keys; call once, last. Then `mistakes()` is complete and in the
  /// order of the files, the nearest config first.
  void finish();
  [[nodiscard]] const Mistakes& mistakes() const { return mistakes_; }
  /// Every parameter with the value it got, defaults included, as a JSON tree with sorted keys;
  /// notes and sources of the config are kept.
  [[nodiscard]] std::string resolved_text() const;

  /// What kind of value a parameter takes; `other`: texts, choices and lists.
  enum class ValueType : std::uint8_t { number, whole, flag, other };

  /// A parameter as `explain` prints it.
  struct Resolved {
    std::string pointer;
    ValueType type = ValueType::other;
    std::string value_text;  ///< as JSON
    bool from_config = false;
    Location where;  ///< of the value, where from_config
    Declaration declaration;
  };
  [[nodiscard]] const std::vector<Resolved>& resolved() const { return resolved_; }

 private:
  struct State;
  std::unique_ptr<State> state_;
  Mistakes mistakes_;
  std::vector<Resolved> resolved_;
};

/// A JSON Schema (draft 2020-12) of everything a catalogue lists. Nothing is required, for a config
/// may say only how it differs from its base, and null takes away what the base says. An object of
/// which nothing is declared may hold anything.
std::string json_schema(const ParameterCatalogue& catalogue, const std::string& title);

/// `"` + text with `"`, `\` and control characters escaped + `"`.
std::string json_quoted(std::string_view text);
/// `token` as a part of a JSON pointer (RFC 6901), with its leading slash.
std::string pointer_step(std::string_view token);
/// The shortest decimal that reads back as x; also valid JSON. Expects a finite x.
std::string number_text(double x);

}  // namespace fingers
