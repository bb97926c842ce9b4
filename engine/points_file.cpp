// Tested by tests/engine/points_file_test.cpp.
#include "engine/points_file.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/contract.hpp"
#include "engine/json_parser.hpp"
#include "engine/json_tree.hpp"
#include "engine/json_value.hpp"

namespace fingers {

namespace {

constexpr std::string_view kKey = "points_file";

/// A field as it stands in the file.
struct Field {
  std::string text;
  bool quoted = false;
  Place place;
};

/// Something that keeps a text from being a table.
struct TableFault {
  Place place;
  std::string message;
};

/// Reads rows of fields, one after the other.
class TableReader {
 public:
  TableReader(std::string_view text, std::uint32_t file)
      : text_(text.starts_with(kMark) ? text.substr(kMark.size()) : text),
        place_{.file = file, .line = 1, .column = 1} {}

  /// The next row; nothing at the end, or after a fault. Empty lines at the end are no rows.
  std::optional<std::vector<Field>> next() {
    if (fault_ || text_.find_first_not_of("\r\n", at_) == std::string_view::npos) {
      return std::nullopt;
    }
    std::vector<Field> row;
    while (true) {
      row.push_back(at_quote() ? quoted_field() : plain_field());
      if (fault_) {
        return std::nullopt;
      }
      if (at_ < text_.size() && text_[at_] == ',') {
        step();
      } else {
        end_line();
        return row;
      }
    }
  }

  [[nodiscard]] const std::optional<TableFault>& fault() const { return fault_; }

 private:
  static constexpr std::string_view kMark = "\xEF\xBB\xBF";  // some programs begin a file with it

  [[nodiscard]] bool at_quote() const { return at_ < text_.size() && text_[at_] == '"'; }
  [[nodiscard]] bool at_end_of_line() const {
    return at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
  }

  /// Goes over one byte.
  void step() {
    const auto byte = static_cast<unsigned char>(text_[at_++]);
    if (byte == '\n') {
      ++place_.line;
      place_.column = 1;
    } else if ((byte & 0xC0U) != 0x80U) {  // not within a code point
      ++place_.column;
    }
  }

  /// Goes over "\n", "\r\n" or "\r".
  void end_line() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with('\r')) {
      at_ += rest.starts_with("\r\n") ? 2 : 1;
    } else if (rest.starts_with('\n')) {
      ++at_;
    }
    ++place_.line;
    place_.column = 1;
  }

  Field plain_field() {
    Field field{.text = {}, .quoted = false, .place = place_};
    const std::size_t start = at_;
    while (!at_end_of_line() && text_[at_] != ',') {
      if (at_quote()) {
        fault_ = {place_,
                  "a quotation mark within a field: put the whole field in quotation "
                  "marks, and write this one twice"};
        return field;
      }
      step();
    }
    field.text = text_.substr(start, at_ - start);
    return field;
  }

  Field quoted_field() {
    Field field{.text = {}, .quoted = true, .place = place_};
    step();
    while (at_ < text_.size()) {
      const bool quote = at_quote();
      if (quote && !text_.substr(at_ + 1).starts_with('"')) {
        step();
        if (!at_end_of_line() && text_[at_] != ',') {
          fault_ = {place_,
                    "after the closing quotation mark a comma or the end of the line must "
                    "come"};
        }
        return field;
      }
      if (quote) {
        step();
      }
      field.text += text_[at_];
      step();
    }
    fault_ = {field.place, "this quotation mark is not closed"};
    return field;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Place place_;
  std::optional<TableFault> fault_;
};

std::string without_spaces(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_word(const std::string& text, std::string_view word) {
  return std::ranges::equal(text, word, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

/// A text of a file, or why it is none.
std::string read_text_field(const std::string& text, JsonNode& node) {
  const Document::Tree nowhere;
  Mistakes mistakes;
  return parse_json(json_quoted(text), nowhere, 0, node, mistakes) ? "" : "is not UTF-8 text";
}

/// A field as a value: a number where it reads as one.
std::string read_field(const Field& field, JsonNode& node) {
  const std::string text = field.quoted ? field.text : without_spaces(field.text);
  std::string problem;
  if (is_word(text, "true") || is_word(text, "false")) {
    node = json_node(is_word(text, "true"));
  } else {
    const Document::Tree nowhere;
    Mistakes mistakes;
    const bool numeric = text.find_first_of("-0123456789") == 0 &&
                         parse_json(text, nowhere, 0, node, mistakes) && mistakes.empty();
    problem = numeric ? "" : read_text_field(text, node);
  }
  node.place = field.place;
  node.key_place = field.place;
  return problem;
}

/// Makes a table of one file, the last of the tree, and notes what is wrong with it.
class TableMaker {
 public:
  TableMaker(Document::Tree& tree, std::string pointer, std::string_view text)
      : tree_(tree),
        pointer_(std::move(pointer)),
        reader_(text, static_cast<std::uint32_t>(tree.files.size() - 1)) {}

  /// The names of the columns; none when there is no table.
  JsonItems header() {
    JsonItems names;
    const auto row = reader_.next();
    if (!row) {
      note(Place{.file = file(), .line = 1, .column = 1},
           "expected a first row that names the columns, found nothing");
      return names;
    }
    for (const Field& field : *row) {
      JsonNode name;
      const std::string text = without_spaces(field.text);
      check(field.place, read_text_field(text, name));
      check(field.place, text.empty() ? "the column has no name" : "");
      name.place = field.place;
      names.push_back(std::move(name));
    }
    if (names.size() == 1 && row->front().text.find_first_of(";\t") != std::string::npos) {
      note(row->front().place, "columns must be separated by commas");
    }
    return names;
  }

  JsonItems rows() {
    JsonItems rows;
    std::size_t n_cells = 0;
    while (auto row = reader_.next()) {
      n_cells += row->size();
      if (n_cells > kMaxPointsFileCells) {
        note(row->front().place, "more than " + std::to_string(kMaxPointsFileCells) + " values");
        return rows;
      }
      JsonItems cells;
      for (const Field& field : *row) {
        check(field.place, read_field(field, cells.emplace_back()));
      }
      JsonNode& made = rows.emplace_back(json_node(std::move(cells)));
      made.place = row->front().place;
    }
    if (reader_.fault()) {
      note(reader_.fault()->place, reader_.fault()->message);
    }
    return rows;
  }

  Mistakes mistakes;

 private:
  [[nodiscard]] std::uint32_t file() const {
    return static_cast<std::uint32_t>(tree_.files.size() - 1);
  }
  void check(const Place& place, const std::string& problem) {
    if (!problem.empty()) {
      note(place, problem);
    }
  }
  void note(const Place& place, std::string message) {
    mistakes.push_back(
        {.where = tree_.location(place), .pointer = pointer_, .message = std::move(message)});
  }

  Document::Tree& tree_;
  std::string pointer_;
  TableReader reader_;
};

/// The members of the object at a pointer, to be changed; null where there is none.
JsonMembers* members_at(JsonNode& root, const std::string& pointer) {
  JsonNode* node = &root;
  const auto tokens = pointer_tokens(pointer);
  for (const std::string& token : tokens ? *tokens : std::vector<std::string>{}) {
    JsonMembers* const members = node->members();
    const auto found = members == nullptr ? JsonMembers::iterator{} : members->find(token);
    if (members == nullptr || found == members->end()) {
      return nullptr;
    }
    node = &found->second;
  }
  return node->members();
}

/// What keeps a file from being read at all.
std::string file_problem(const JsonNode& name, const JsonMembers& object) {
  if (name.text() == nullptr) {
    return "expected the path of a file, found " + shown_text(name);
  }
  const bool twice = object.contains("columns") || object.contains("points");
  return twice ? "points come from the file, or from \"columns\" and \"points\" here; give one of "
                 "the two"
               : "";
}

std::string answer_problem(const TextAnswer& answer, const std::string& shown) {
  if (!answer.text) {
    return shown + ": " + (answer.problem.empty() ? "cannot be read" : answer.problem);
  }
  return answer.text->size() > kMaxPointsFileBytes ? shown + ": is larger than 32 MB" : "";
}

}  // namespace

Mistakes take_in_points_file(Document& document, const std::string& object,
                             const TextSource& source) {
  Document::Tree& tree = document.tree();
  JsonMembers* const members = members_at(tree.root, object);
  if (members == nullptr || !members->contains(kKey)) {
    return {};
  }
  const JsonNode name = members->find(kKey)->second;
  const Location where = tree.location(name.place);
  const auto refused = [&](std::string message) {
    return Mistakes{
        {.where = where, .pointer = object + pointer_step(kKey), .message = std::move(message)}};
  };
  if (std::string problem = file_problem(name, *members); !problem.empty()) {
    return refused(std::move(problem));
  }
  const std::string* const asked = name.text();
  EXPECT_CONTRACT(asked != nullptr);  // else it is a problem
  const TextAnswer answer = source(*asked, where.file);
  const std::string shown = answer.path.empty() ? *asked : answer.path;
  if (std::string problem = answer_problem(answer, shown); !problem.empty()) {
    return refused(std::move(problem));
  }
  tree.files.push_back(shown);
  TableMaker maker(tree, object + pointer_step(kKey), *answer.text);
  JsonNode columns = json_node(maker.header());
  JsonNode points = json_node(maker.rows());
  columns.place = name.place;
  points.place = name.place;
  members->erase(members->find(kKey));
  members->insert_or_assign("columns", std::move(columns));
  members->insert_or_assign("points", std::move(points));
  return std::move(maker.mistakes);
}

}  // namespace fingers
