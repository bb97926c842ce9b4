#include "cli/input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/config_source.hpp"
#include "cli/terminal.hpp"
#include "engine/points_file.hpp"

namespace fingers {

namespace {

void note(Mistakes& mistakes, std::optional<Mistake> mistake) {
  if (mistake) {
    mistakes.push_back(std::move(*mistake));
  }
}

Mistakes apply(const Settings& settings, Document& document) {
  Mistakes mistakes;
  if (settings.seed) {
    note(mistakes, document.set("/seeds", "null", {.file = "--seed"}));
    note(mistakes, document.set("/seed", *settings.seed, {.file = "--seed"}));
  }
  if (settings.replicates) {
    note(mistakes, document.set("/experiment/until", "null", {.file = "--replicates"}));
    note(mistakes,
         document.set("/experiment/replicates", *settings.replicates, {.file = "--replicates"}));
  }
  for (const std::string& text : settings.set) {
    const std::size_t equals = text.find('=');
    const Location where{.file = "--set"};
    if (equals == std::string::npos) {
      mistakes.push_back({.where = where,
                          .pointer = {},
                          .message = "expected /json/pointer=value, found \"" + text + "\""});
      continue;
    }
    note(mistakes, document.set(text.substr(0, equals), text.substr(equals + 1), where));
  }
  return mistakes;
}

/// Reads the file of points that the experiment names, if its design is of listed points.
Mistakes take_in_points(Document& document, std::vector<std::string>* files) {
  const bool listed = document.text_at("/experiment/design") == "\"csv\"";
  return listed ? take_in_points_file(document, "/experiment", points_source(files)) : Mistakes{};
}

}  // namespace

Input read_input(const std::string& config, const Settings& settings) {
  Input input;
  Loaded loaded = load_document(config, config_source(&input.files));
  Mistakes mistakes = std::move(loaded.mistakes);
  if (mistakes.empty() || loaded.whole) {
    std::ranges::move(apply(settings, loaded.document), std::back_inserter(mistakes));
    const Mistakes of_points = take_in_points(loaded.document, &input.files);
    if (of_points.empty()) {
      input.batch = read_batch(std::move(loaded.document));
    }
    mistakes.insert(mistakes.end(), of_points.begin(), of_points.end());
  }
  mistakes.insert(mistakes.end(), input.batch.mistakes.begin(), input.batch.mistakes.end());
  input.batch.mistakes = std::move(mistakes);
  return input;
}

void print_mistakes(const Mistakes& mistakes) {
  std::string text;
  for (const Mistake& mistake : mistakes) {
    text += to_text(mistake) + "\n";
  }
  write_note(text);
}

}  // namespace fingers
