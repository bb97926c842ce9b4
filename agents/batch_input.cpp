// Tested by tests/agents/batch_input_test.cpp.
#include "agents/batch_input.hpp"

#include <algorithm>
#include <iterator>

#include "agents/config_upgrades.hpp"
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

/// What is wrong with the version that a config says it is of; in it nothing else can be judged.
void check_version(const TextAnswer& answer, Mistakes& mistakes) {
  const ConfigHead head = read_config_head(*answer.text, answer.path);
  if (!head.mistakes.empty() || !head.says_version || head.version == kConfigVersion) {
    return;  // other mistakes are for the reader to say
  }
  const std::string place =
      answer.path == kStandardInput ? "- -o FILE" : answer.path + " --in-place";
  const std::string message = head.version > kConfigVersion
                                  ? newer_version_text(head.version, kConfigVersion)
                                  : "the config is of version " + std::to_string(head.version) +
                                        ", and this program reads version " +
                                        std::to_string(kConfigVersion) + ": `fingers upgrade " +
                                        place + "` makes it new";
  mistakes.push_back(
      {.where = head.where, .pointer = "/" + std::string(kVersionKey), .message = message});
}

/// A source that looks at the version of every config that it gives.
TextSource checking_versions(const TextSource& source, Mistakes& mistakes) {
  return [&source, &mistakes](const std::string& name, const std::string& from) {
    TextAnswer answer = source(name, from);
    if (answer.text) {
      check_version(answer, mistakes);
    }
    return answer;
  };
}

}  // namespace

Batch read_batch_of(const std::string& config, const Settings& settings, const TextSource& configs,
                    const TextSource& points) {
  Batch batch;
  Mistakes of_versions;
  Loaded loaded = load_document(config, checking_versions(configs, of_versions));
  if (!of_versions.empty()) {
    batch.mistakes = std::move(of_versions);
    return batch;
  }
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
