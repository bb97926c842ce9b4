#include "engine/ensemble.hpp"

#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "engine/dataset_reader.hpp"
#include "engine/parts.hpp"
#include "engine/signals.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

/// Where a test program that runs as a child of a test finds its output.
constexpr const char* kChildOutput = "FINGERS_TEST_CHILD_OUTPUT";

TEST_CASE("coins fall as often as their chance says") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 1000);
  toy::run_batch(about, toy::quiet_options(folder.file("a.h5")));
  DatasetReader file(folder.file("a.h5"));
  std::vector<double> heads(2, 0.0);
  std::vector<double> tosses(2, 0.0);
  double purse = 0;
  while (const auto header = file.next()) {
    heads[header->point] += file.outcomes()[0];
    tosses[header->point] += header->counts[0];
    purse += header->point == 0 ? file.outcomes()[1] : 0;
  }
  for (std::size_t p = 0; p < 2; ++p) {  // four standard errors of about 39,000 tosses
    CHECK(heads[p] / tosses[p] == Approx(toy::kHeads[p]).margin(4 * 0.5 / std::sqrt(tosses[p])));
  }
  CHECK(purse / 1000 == Approx(toy::kStartingPurse).margin(4 * std::sqrt(40.0 / 1000)));
}

TEST_CASE("a replicate alone is what it is within a batch") {
  const DatasetDescription about = toy::describe(CoinModel(), 10);
  const RunRecord alone = toy::toss_coins(about, 1, 7);
  const TemporaryFolder folder;
  toy::run_batch(about, toy::quiet_options(folder.file("a.h5")));
  DatasetReader file(folder.file("a.h5"));
  while (const auto header = file.next()) {
    if (header->point == 1 && header->replicate == 7) {
      CHECK(header->content_hash == content_hash(alone));
    }
  }
}

TEST_CASE("a run that throws is recorded with its reason, and does not take the batch with it") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 10);
  const EnsembleReport report = run_ensemble(
      [&](std::uint32_t point, std::uint32_t replicate) {
        if (point == 1 && replicate == 3) {
          throw std::runtime_error("the coin rolled away");
        }
        return toy::toss_coins(about, point, replicate);
      },
      about, toy::quiet_options(folder.file("a.h5")));
  CHECK(report.state.done == 19);
  CHECK(report.state.failed == 1);
  CHECK_FALSE(report.stopped);
  CHECK(report.first_failure == "point 1 (loaded), replicate 3: the coin rolled away");
  const DatasetInfo info = read_info(folder.file("a.h5"));
  CHECK(info.complete);
  CHECK(info.n_failed == 1);
  DatasetReader file(folder.file("a.h5"));
  for (int run = 0; run <= 13; ++run) {
    file.next();
  }
  const RunRecord failed = file.record();
  CHECK(failed.status == RunStatus::failed);
  CHECK(failed.failure == "the coin rolled away");
  CHECK(std::isnan(failed.outcomes[0]));
}

TEST_CASE("a batch that is told to stop keeps what is finished, of every point") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 200);
  std::atomic<bool> stop{false};
  std::atomic<int> begun{0};
  EnsembleOptions options = toy::quiet_options(folder.file("a.h5"));
  options.stop = &stop;
  const EnsembleReport report = run_ensemble(
      [&](std::uint32_t point, std::uint32_t replicate) {
        stop = ++begun >= 20;
        return toy::toss_coins(about, point, replicate);
      },
      about, options);
  CHECK(report.stopped);
  CHECK(report.state.done == static_cast<std::uint64_t>(begun));
  const DatasetInfo info = read_info(folder.file("a.h5"));
  CHECK_FALSE(info.complete);
  CHECK(info.n_runs == 400);
  CHECK(info.n_runs - info.n_missing == report.state.done);
  CHECK(std::filesystem::exists(folder.file("a.h5.parts")));
  DatasetReader file(folder.file("a.h5"));
  std::vector<int> done(2, 0);
  while (const auto header = file.next()) {
    done[header->point] += header->status == RunStatus::done ? 1 : 0;
  }
  CHECK(std::abs(done[0] - done[1]) <= 2);
}

TEST_CASE("of a batch that nears its end little is left to be written") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 50);
  EnsembleOptions options = toy::quiet_options(folder.file("a.h5"));
  options.threads = 2;
  options.n_shards = 2;  // whose parts stay
  toy::run_batch(about, options);
  const auto segments = list_segments(parts_folder(options.output_path));
  REQUIRE(segments.size() == 2);
  CHECK(segments[0].n_runs() == 26);
  CHECK(segments[1].n_runs() == 24);
}

TEST_CASE("an output that is there is refused, and then replaced when asked") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 2);
  toy::write_bytes(folder.file("a.h5"), "precious");
  EnsembleOptions options = toy::quiet_options(folder.file("a.h5"));
  CHECK_THROWS_AS(toy::run_batch(about, options), OutputPlaceError);
  CHECK(toy::bytes_of_file(folder.file("a.h5")) == "precious");
  CHECK(folder.names() == std::vector<std::string>{"a.h5"});
  options.opening = Opening::overwrite;
  toy::run_batch(about, options);
  CHECK(read_info(folder.file("a.h5")).complete);
  CHECK(folder.names() == std::vector<std::string>{"a.h5"});
}

/// Starts this program again to run one hidden test with an output.
pid_t start_child(const char* test, const std::string& output) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv(kChildOutput, output.c_str(), 1);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the C library has no other way.
    ::execl("/proc/self/exe", "child", test, nullptr);
    ::_exit(127);
  }
  return child;
}

/// Waits until a batch has so many durable runs.
bool wait_for_runs(const std::string& output, std::uint64_t n_runs) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < give_up) {
    std::uint64_t n = 0;
    for (const SegmentEntry& entry : read_manifest(output + ".parts/manifest-000.txt")) {
      n += entry.n_runs();
    }
    if (n >= n_runs) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

/// A batch of a second or so, as a child.
void run_slow_batch(const std::string& output) {
  const DatasetDescription about = toy::describe(CoinModel(), 1000);
  EnsembleOptions options = toy::quiet_options(output);
  options.segments.runs = 20;
  run_ensemble(
      [&](std::uint32_t point, std::uint32_t replicate) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return toy::toss_coins(about, point, replicate);
      },
      about, options);
}

TEST_CASE("child: a slow batch", "[.child]") {
  if (const char* const output = std::getenv(kChildOutput)) {
    watch_signals();
    run_slow_batch(output);
    std::exit(stop_exit_code());
  }
}

TEST_CASE("a process that is killed loses nothing that was durable") {
  for (const std::uint64_t n_runs : {20U, 100U, 200U}) {
    const TemporaryFolder folder;
    const std::string output = folder.file("a.h5");
    const pid_t child = start_child("child: a slow batch", output);
    REQUIRE(child > 0);
    const bool came = wait_for_runs(output, n_runs);
    ::kill(child, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(came);
    REQUIRE(WIFSIGNALED(status));
    merge_segments(output, toy::describe(CoinModel(), 1000));  // checks every hash
    const DatasetInfo info = read_info(output);
    CHECK_FALSE(info.complete);
    CHECK(info.n_runs - info.n_missing >= n_runs);
    CHECK(info.n_failed == 0);
  }
}

TEST_CASE("a signal ends a batch well, with a file and the exit code of the signal") {
  for (const auto& [signal, code] : {std::pair(SIGTERM, 75), std::pair(SIGINT, 130)}) {
    const TemporaryFolder folder;
    const std::string output = folder.file("a.h5");
    const pid_t child = start_child("child: a slow batch", output);
    REQUIRE(child > 0);
    const bool came = wait_for_runs(output, 20);
    ::kill(child, signal);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(came);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == code);
    const DatasetInfo info = read_info(output);
    CHECK_FALSE(info.complete);
    CHECK(info.n_missing < info.n_runs);
    CHECK(std::filesystem::exists(output + ".parts"));
  }
}

}  // namespace
