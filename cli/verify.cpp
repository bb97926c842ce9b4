// `fingers verify`: whether a results file holds what was written, and whether the program makes
// the same again.
#include "engine/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/own_file.hpp"
#include "cli/results_file.hpp"
#include "cli/sidecar.hpp"
#include "cli/terminal.hpp"
#include "engine/dataset_reader.hpp"
#include "engine/parallel.hpp"
#include "engine/progress.hpp"
#include "engine/signals.hpp"

namespace fingers {

namespace {

struct VerifyOptions {
  std::string path;
  bool quick = false;
  std::string sample;
  int threads = 0;
};

/// "1%" as a share, "20" as a number of runs; of n runs at least one and at most all.
std::optional<std::uint64_t> read_sample(const std::string& text, std::uint64_t n) {
  constexpr double kPercent = 100;
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  const bool is_share = rest + 1 == end && *rest == '%';
  if (error != std::errc{} || (rest != end && !is_share) || !(value > 0)) {
    return std::nullopt;
  }
  const double wanted = is_share ? value / kPercent * static_cast<double>(n) : value;
  return static_cast<std::uint64_t>(
      std::clamp(std::ceil(wanted), 1.0, static_cast<double>(std::max<std::uint64_t>(n, 1))));
}

std::string check_sample(const std::string& text) {
  return read_sample(text, 1) ? ""
                              : "expected a share such as 1% or a number, found \"" + text + "\"";
}

/// What the sidecar says of the bytes of the file; empty: nothing, or the same.
std::string sidecar_mistake(const std::string& path) {
  std::ifstream file(sidecar_path(path), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  constexpr std::string_view kKey = "\"sha256\": \"";
  const std::size_t at = text.find(kKey);
  constexpr std::size_t kDigits = 64;
  if (at == std::string::npos || text.size() < at + kKey.size() + kDigits) {
    return "";
  }
  const bool same = text.compare(at + kKey.size(), kDigits, file_sha256(path)) == 0;
  return same ? "" : "the SHA-256 of the file is not the one in '" + sidecar_path(path) + "'";
}

/// A run of the file, to be made again.
struct SampledRun {
  std::uint64_t number = 0;
  RunHeader header;
};

/// Runs that are done, at equal distances.
std::vector<SampledRun> sampled_runs(const std::string& path, const std::string& sample) {
  DatasetReader file(path);
  std::vector<SampledRun> runs;
  const std::uint64_t n = file.n_runs();
  const std::uint64_t wanted = read_sample(sample, n).value();
  for (std::uint64_t run = 0; const auto header = file.next(); ++run) {
    // The middles of `wanted` equal pieces.
    const bool is_middle = (run * wanted + n / 2) / n != ((run + 1) * wanted + n / 2) / n;
    if (is_middle && header->status == RunStatus::done) {
      runs.push_back({.number = run, .header = *header});
    }
  }
  return runs;
}

/// Makes runs again; answers those that come out differently, in words.
std::vector<std::string> differing(const std::vector<SampledRun>& runs, const ResultsFile& file,
                                   int threads) {
  const Simulation simulation(file.batch.points);
  std::vector<std::string> differ;
  std::mutex mutex;
  for_each_index(
      runs.size(), threads,
      [&](std::uint64_t i) {
        const RunHeader& header = runs[i].header;
        const RunRecord record = run_point(simulation, file.batch, header.point, header.replicate);
        if (content_hash(record) != header.content_hash) {
          const std::scoped_lock lock(mutex);
          differ.push_back(fmt::format("run {} (point {}, replicate {}) comes out differently",
                                       with_commas(runs[i].number), header.point,
                                       header.replicate));
        }
      },
      stop_requested());
  std::ranges::sort(differ);
  return differ;
}

/// Says findings and what they are about.
void print(const std::vector<std::string>& findings) {
  std::string text;
  for (const std::string& finding : findings) {
    text += finding + "\n";
  }
  write_result(text);
}

int rerun_sample(const VerifyOptions& options) {
  const ResultsFile file = read_results_file(options.path);
  const std::vector<SampledRun> runs = sampled_runs(options.path, options.sample);
  const int threads = options.threads > 0 ? options.threads : available_threads();
  watch_signals();
  const std::vector<std::string> differ = differing(runs, file, threads);
  if (stop_requested().load()) {
    return stop_exit_code();
  }
  print(differ);
  write_result(fmt::format("{} runs made again, {} differ\n", with_commas(runs.size()),
                           with_commas(differ.size())));
  if (!differ.empty()) {
    write_note(
        "the file was made by another program, compiler setting or machine that breaks the "
        "promise of equal bits, or was changed\n");
  }
  return differ.empty() ? kDone : kConflict;
}

int verify(const VerifyOptions& options) {
  refuse_others_files(options.path);
  VerifyReport report = verify_file(options.path, options.quick);
  if (const std::string mistake = options.quick ? "" : sidecar_mistake(options.path);
      !mistake.empty()) {
    report.damages.push_back(mistake);
  }
  print(report.damages);
  if (!report.is_sound()) {
    write_note(fmt::format("'{}' is damaged; take it from a copy, or run its config again\n",
                           options.path));
    return kUnreadable;
  }
  write_result(fmt::format("{}: {} runs {}\n", options.path, with_commas(report.n_runs),
                           options.quick ? "are in order" : "hold what was recorded"));
  if (!report.texts_have_hash) {
    write_note(
        "the file is older than the hash of texts: a changed name, unit, meaning or provenance "
        "would not be seen; the SHA-256 in its sidecar covers them\n");
  }
  return options.sample.empty() ? kDone : rerun_sample(options);
}

}  // namespace

Command make_verify(CLI::App& program) {
  CLI::App* const line = program.add_subcommand(
      "verify", "Check every checksum of a results file, and make a sample of its runs again");
  const auto options = std::make_shared<VerifyOptions>();
  line->add_option("FILE", options->path, "results file")->required();
  line->add_flag("--quick", options->quick, "check its structure and table of runs only");
  line->add_option("--sample", options->sample,
                   "also make so many of its runs again, and compare bits")
      ->check(CLI::Validator(check_sample, "", ""))
      ->type_name("1%|N");
  line->add_option("--threads", options->threads, "worlds side by side (default: all processors)")
      ->check(CLI::Range(1, 4096))
      ->type_name("N");
  line->footer(
      "Damage is named by column, chunk, rows and runs; the exit code is then 3. It is 65 when a\n"
      "run comes out differently.\n"
      "\n"
      "Example:\n"
      "  fingers verify results/release-regimes.h5 --sample 1%\n");
  return {.line = line, .act = [options] { return verify(*options); }};
}

}  // namespace fingers
