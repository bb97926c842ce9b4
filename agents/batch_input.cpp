// Tested by tests/agents/batch_input_test.cpp.
#include "agents/batch_input.hpp"

#include <algorithm>
#include <iterator>

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
Mistakes take_in_points(Document& document, const TextSource& points) {
  const bool listed = document.text_at("/experiment/design") == "\"csv\"";
  return listed ? take_in_points_file(document, "/experiment", points) : Mistakes{};
}

}  // namespace

Batch read_batch_of(const std::string& config, const Settings& settings, const TextSource& configs,
                    const TextSource& points) {
  Batch batch;
  Loaded loaded = load_document(config, configs);
  Mistakes mistakes = std::move(loaded.mistakes);
  if (mistakes.empty() || loaded.whole) {
    std::ranges::move(apply(settings, loaded.document), std::back_inserter(mistakes));
    const Mistakes of_points = take_in_points(loaded.document, points);
    if (of_points.empty()) {
      batch = read_batch(std::move(loaded.document));
    }
    mistakes.insert(mistakes.end(), of_points.begin(), of_points.end());
  }
  mistakes.insert(mistakes.end(), batch.mistakes.begin(), batch.mistakes.end());
  batch.mistakes = std::move(mistakes);
  return batch;
}

}  // namespace fingers
