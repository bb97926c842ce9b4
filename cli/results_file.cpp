#include "cli/results_file.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/own_file.hpp"
#include "cli/provenance.hpp"
#include "engine/parts.hpp"

namespace fingers {

namespace {

namespace fs = std::filesystem;

/// The file itself, or else the first segment of its parts folder.
std::string file_with_config(const std::string& path) {
  const fs::path folder = fs::is_directory(path) ? fs::path(path) : parts_folder(path);
  if (fs::is_regular_file(path) || !fs::is_directory(folder)) {
    return path;
  }
  const std::vector<SegmentEntry> segments = list_segments(folder);
  if (segments.empty()) {
    throw InputError(fmt::format("'{}' holds no finished runs", folder.string()));
  }
  return segments.back().path.string();
}

Batch read_stored_batch(const std::string& path, const std::string& config_text) {
  const TextSource source = [&](const std::string& /*name*/, const std::string& /*from*/) {
    return TextAnswer{.text = config_text, .path = path + ":/config", .problem = {}};
  };
  Loaded loaded = load_document(path, source);
  Batch batch;
  if (loaded.mistakes.empty()) {
    batch = read_batch(std::move(loaded.document));
  } else {
    batch.mistakes = std::move(loaded.mistakes);
  }
  if (!batch.mistakes.empty()) {
    throw InputError(fmt::format(
        "the config in '{}' cannot be read by this version of the program, which did not write it: "
        "{}",
        path, to_text(batch.mistakes.front())));
  }
  return batch;
}

}  // namespace

ResultsFile read_results_file(const std::string& path) {
  ResultsFile file;
  file.path = file_with_config(path);
  refuse_others_files(file.path);
  const DatasetTexts texts = read_texts(file.path);
  file.batch = read_stored_batch(file.path, texts.config);
  file.provenance = texts.provenance;
  file.about = describe(file.batch, Simulation(file.batch.points), file.provenance);
  if (texts.results_version != kResultsVersion || texts.model != file.batch.model_text) {
    throw InputError(fmt::format(
        "'{}' was made by another version of the model (results version {}; this program has {}): "
        "runs of both must not be mixed",
        file.path, texts.results_version, kResultsVersion));
  }
  return file;
}

FoundRuns find_runs(const std::vector<std::string>& places, ResultsFile& file) {
  FoundRuns found = find_runs(places, file.about);
  if (file.batch.scenario.experiment.until.asked) {
    const std::uint64_t n_points = file.about.design.points.size();
    file.about.design.replicates =
        static_cast<std::uint32_t>((found.finished.end() + n_points - 1) / n_points);
  }
  return found;
}

}  // namespace fingers
