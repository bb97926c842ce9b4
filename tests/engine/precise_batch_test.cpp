// Batches that add replicates until an outcome is known well enough.
#include <cmath>
#include <stdexcept>

#include "engine/watched_outcome.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

constexpr std::uint32_t kMost = 2000;

DatasetDescription coins_until() {
  DatasetDescription about = toy::describe(CoinModel(), kMost);
  about.design.n_settings = 2;
  return about;
}

EnsembleOptions until(const std::string& path, double half_width) {
  EnsembleOptions options = toy::quiet_options(path);
  options.opening = Opening::go_on;
  options.segments.runs = 100;
  options.precision = PrecisionTarget{.outcome = "heads",
                                      .outcome_index = 0,
                                      .half_width = half_width,
                                      .minimum = 40,
                                      .maximum = kMost};
  return options;
}

TEST_CASE("replicates are added until every interval is narrow enough") {
  const TemporaryFolder folder;
  const DatasetDescription about = coins_until();
  const EnsembleReport report = toy::run_batch(about, until(folder.file("a.h5"), 0.6));
  REQUIRE(report.look.has_value());
  CHECK(report.look->verdict == Verdict::precise);
  CHECK(report.look->replicates < kMost);
  CHECK(report.look->replicates > 40);
  for (const PrecisionEstimate& estimate : report.look->estimates) {
    CHECK((estimate.interval.high - estimate.interval.low) / 2 <= 0.6);
  }
  const DatasetInfo info = read_info(folder.file("a.h5"));
  CHECK(info.complete);
  CHECK(info.n_runs == std::uint64_t{2} * report.look->replicates);
  // The file is that of a batch of just so many replicates.
  DatasetDescription fixed = about;
  fixed.design.replicates = report.look->replicates;
  toy::run_batch(fixed, toy::quiet_options(folder.file("fixed.h5")));
  CHECK(toy::bytes_of_file(folder.file("a.h5")) == toy::bytes_of_file(folder.file("fixed.h5")));
}

TEST_CASE("the maximum is kept, and said") {
  const TemporaryFolder folder;
  EnsembleOptions options = until(folder.file("a.h5"), 1e-6);
  options.precision->maximum = 90;
  const EnsembleReport report = toy::run_batch(coins_until(), options);
  CHECK(report.look->verdict == Verdict::maximum_reached);
  CHECK(read_info(folder.file("a.h5")).n_runs == 180);
}

TEST_CASE("a precise batch decides the same after interruptions, on any threads") {
  const TemporaryFolder folder;
  const DatasetDescription about = coins_until();
  toy::run_batch(about, until(folder.file("whole.h5"), 0.6));
  const std::string expected = toy::bytes_of_file(folder.file("whole.h5"));
  for (const int threads : {1, 7}) {
    EnsembleOptions options = until(folder.file("a.h5"), 0.6);
    options.threads = threads;
    std::atomic<bool> stop{false};
    options.stop = &stop;
    for (bool stopped = true; stopped;) {
      std::atomic<int> begun{0};
      stop = false;
      stopped = run_ensemble(
                    [&](std::uint32_t point, std::uint32_t replicate) {
                      stop = ++begun >= 150;
                      return toy::toss_coins(about, point, replicate);
                    },
                    about, options)
                    .stopped;
    }
    CHECK(toy::bytes_of_file(folder.file("a.h5")) == expected);
    stop = false;
    const EnsembleReport again = toy::run_batch(about, options);
    CHECK(again.state.before == again.state.total);
    CHECK(toy::bytes_of_file(folder.file("a.h5")) == expected);
    // Stopped before it knows how much is there, it keeps all.
    stop = true;
    toy::run_batch(about, options);
    CHECK(toy::bytes_of_file(folder.file("a.h5")) == expected);
    std::filesystem::remove(folder.file("a.h5"));
  }
}

TEST_CASE("runs that failed say nothing about an outcome") {
  const TemporaryFolder folder;
  const DatasetDescription about = coins_until();
  EnsembleOptions options = until(folder.file("a.h5"), 100);
  options.precision->minimum = 200;
  const EnsembleReport report = run_ensemble(
      [&](std::uint32_t point, std::uint32_t replicate) {
        if (replicate % 4 == 0) {
          throw std::runtime_error("the coin rolled away");
        }
        return toy::toss_coins(about, point, replicate);
      },
      about, options);
  CHECK(report.look->replicates >= 200);
  for (const PrecisionEstimate& estimate : report.look->estimates) {
    CHECK(4 * estimate.n == std::uint64_t{3} * report.look->replicates);
  }
}

}  // namespace
