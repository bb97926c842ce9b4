// A batch that goes on after a loss, grows, or is made in pieces, ends in the bytes of one that was
// made at once.
#include <algorithm>
#include <cerrno>
#include <mutex>
#include <set>
#include <stdexcept>

#include "engine/disk.hpp"
#include "engine/parts.hpp"
#include "engine/run_sources.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

using Runs = std::multiset<std::pair<std::uint32_t, std::uint32_t>>;

/// Runs a batch and answers which runs it made.
Runs made_by(const DatasetDescription& about, const EnsembleOptions& options,
             const std::set<std::uint32_t>& failing = {}) {
  Runs made;
  std::mutex mutex;
  run_ensemble(
      [&](std::uint32_t point, std::uint32_t replicate) {
        {
          const std::scoped_lock lock(mutex);
          made.emplace(point, replicate);
        }
        if (failing.contains(replicate)) {
          throw std::runtime_error("the coin rolled away");
        }
        return toy::toss_coins(about, point, replicate);
      },
      about, options);
  return made;
}

EnsembleOptions going_on(const std::string& path) {
  EnsembleOptions options = toy::quiet_options(path);
  options.opening = Opening::go_on;
  return options;
}

std::string bytes_at_once(const TemporaryFolder& folder, const DatasetDescription& about) {
  EnsembleOptions options = toy::quiet_options(folder.file("at-once.h5"));
  options.opening = Opening::overwrite;
  toy::run_batch(about, options);
  return toy::bytes_of_file(folder.file("at-once.h5"));
}

TEST_CASE("a batch goes on behind what is there, and makes nothing twice") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 20);
  const std::string path = folder.file("a.h5");
  toy::write_segment(path, about, 0, {0, 1, 2, 7});
  const Runs made = made_by(about, going_on(path));
  CHECK(made.size() == 40 - 8);
  CHECK_FALSE(made.contains({1, 7}));
  CHECK(toy::bytes_of_file(path) == bytes_at_once(folder, about));
  CHECK_FALSE(std::filesystem::exists(path + ".parts"));
  CHECK(made_by(about, going_on(path)).empty());
  CHECK(toy::bytes_of_file(path) == bytes_at_once(folder, about));
}

TEST_CASE("a batch that stopped with a file goes on") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 30);
  EnsembleOptions options = going_on(folder.file("a.h5"));
  std::atomic<bool> stop{false};
  options.stop = &stop;
  std::atomic<int> begun{0};
  for (int stops = 1; stops <= 3; ++stops) {
    stop = false;
    run_ensemble(
        [&](std::uint32_t point, std::uint32_t replicate) {
          stop = ++begun >= 12 * stops;
          return toy::toss_coins(about, point, replicate);
        },
        about, options);
    CHECK_FALSE(read_info(options.output_path).complete);
  }
  stop = false;
  CHECK(made_by(about, options).size() == 60 - static_cast<std::size_t>(begun));
  CHECK(toy::bytes_of_file(options.output_path) == bytes_at_once(folder, about));
}

TEST_CASE("remains of a killed process are cleared away, and torn lines are dropped") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 10);
  const std::string path = folder.file("a.h5");
  toy::write_segment(path, about, 0, {0, 1});
  const std::string manifest = path + ".parts/manifest-000.txt";
  toy::write_bytes(manifest, toy::bytes_of_file(manifest) + "part-000-00001.h5 abc");
  toy::write_bytes(path + ".parts/part-000-00001.h5", "renamed, but not noted");
  toy::write_bytes(path + ".parts/part-000-00002.h5.tmp", "torn");
  toy::write_bytes(path + ".tmp", "a merge that was killed");
  CHECK(made_by(about, going_on(path)).size() == 16);
  CHECK(toy::bytes_of_file(path) == bytes_at_once(folder, about));
  CHECK(folder.names().size() == 2);  // the file, and the one made at once
}

TEST_CASE("a damaged segment is set aside, and its runs are made again") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 10);
  const std::string path = folder.file("a.h5");
  toy::write_segment(path, about, 0, {0, 1, 2});
  const std::string part = path + ".parts/part-000-00000.h5";
  std::string bytes = toy::bytes_of_file(part);
  bytes[bytes.size() / 2] ^= 1;
  toy::write_bytes(part, bytes);
  CHECK_THROWS_WITH(made_by(about, going_on(path)), Catch::Matchers::Contains("--resume"));
  CHECK(std::filesystem::exists(part + ".damaged"));
  CHECK(made_by(about, going_on(path)).size() == 6);
  CHECK(toy::bytes_of_file(path) == bytes_at_once(folder, about));
}

TEST_CASE("what failed is kept, and made again when asked") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 10);
  EnsembleOptions options = going_on(folder.file("a.h5"));
  made_by(about, options, {3, 4});
  CHECK(read_info(options.output_path).n_failed == 4);
  CHECK(made_by(about, options).empty());
  options.retry_failed = true;
  CHECK(made_by(about, options, {4}).size() == 4);
  CHECK(read_info(options.output_path).n_failed == 2);
  CHECK(made_by(about, options) == Runs{{0, 4}, {1, 4}});
  CHECK(toy::bytes_of_file(options.output_path) == bytes_at_once(folder, about));
}

TEST_CASE("a failure ends a fast batch, which then goes on") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 500);
  EnsembleOptions options = going_on(folder.file("a.h5"));
  options.failures = Failures::fast;
  const std::size_t begun = made_by(about, options, {2}).size();
  CHECK(begun < 50);
  const DatasetInfo info = read_info(options.output_path);
  CHECK(info.n_failed >= 1);
  CHECK(info.n_missing == 1000 - begun);
  options.retry_failed = true;
  made_by(about, options);
  CHECK(toy::bytes_of_file(options.output_path) == bytes_at_once(folder, about));
}

TEST_CASE("results grow by replicates and by points") {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.h5");
  const DatasetDescription whole = toy::describe(CoinModel(), 9);
  DatasetDescription first = whole;
  first.design.points.erase(first.design.points.begin());  // the point that comes later
  first.point_texts.erase(first.point_texts.begin());
  first.design.replicates = 4;
  first.config_text = "{\"title\": \"Some coins\"}";
  const auto loaded = [&whole](std::uint32_t /*point*/, std::uint32_t replicate) {
    return toy::toss_coins(whole, 1, replicate);
  };
  run_ensemble(loaded, first, toy::quiet_options(path));
  CHECK(made_by(whole, going_on(path)).size() == 18 - 4);
  CHECK(toy::bytes_of_file(path) == bytes_at_once(folder, whole));
}

TEST_CASE("a batch that is being expanded goes on, too") {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.h5");
  DatasetDescription small = toy::describe(CoinModel(), 3);
  small.config_text = "{\"title\": \"Few coins\"}";
  const DatasetDescription large = toy::describe(CoinModel(), 8);
  toy::write_segment(path, small, 0, {0, 2});  // never finished
  EnsembleOptions options = going_on(path);
  std::atomic<bool> stop{false};
  options.stop = &stop;
  std::atomic<int> begun{0};
  run_ensemble(
      [&](std::uint32_t point, std::uint32_t replicate) {
        stop = ++begun >= 5;
        return toy::toss_coins(large, point, replicate);
      },
      large, options);
  stop = false;
  CHECK(made_by(large, options).size() == 16 - 4 - static_cast<std::size_t>(begun));
  CHECK(toy::bytes_of_file(path) == bytes_at_once(folder, large));
}

TEST_CASE("any number of shards in any order ends in the same bytes") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 15);
  const std::string expected = bytes_at_once(folder, about);
  for (const std::uint32_t n : {3U, 8U, 40U}) {
    const std::string path = folder.file("a.h5");
    Runs all;
    for (std::uint32_t i = n; i-- > 0;) {
      EnsembleOptions options = going_on(path);
      options.shard = i;
      options.n_shards = n;
      all.merge(made_by(about, options));
      CHECK(made_by(about, options).empty());  // begun again it has nothing to do
    }
    CHECK(all.size() == 30);
    CHECK_FALSE(std::filesystem::exists(path));
    merge_segments(path, about);
    CHECK(toy::bytes_of_file(path) == expected);
    std::filesystem::remove(path);
  }
}

TEST_CASE("parts of other machines and a results file are joined") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 6);
  toy::write_segment(folder.file("one.h5"), about, 0, {0, 1, 2});
  toy::write_segment(folder.file("two.h5"), about, 0, {2, 3});
  toy::write_segment(folder.file("three.h5"), about, 0, {4, 5});
  merge_segments(folder.file("three.h5"), about);
  const FoundRuns found = find_runs(
      {folder.file("one.h5.parts"), folder.file("two.h5.parts"), folder.file("three.h5")}, about);
  const MergeReport report = merge_runs(folder.file("all.h5"), about, found.sources);
  CHECK(report.n_missing == 0);
  CHECK(report.content_digest == content_digest(folder.file("all.h5")));
  CHECK(toy::bytes_of_file(folder.file("all.h5")) == bytes_at_once(folder, about));
  CHECK(std::filesystem::exists(folder.file("one.h5.parts")));  // inputs stay
}

// The fault is a plain function.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
int writes_left = 0;

int fail_after(std::size_t /*bytes*/) { return writes_left-- > 0 ? 0 : ENOSPC; }

TEST_CASE("a disk that is full at any write loses nothing that was reported") {
  const TemporaryFolder reference;
  const DatasetDescription about = toy::describe(CoinModel(), 12);
  const std::string expected = bytes_at_once(reference, about);
  bool ended_well = false;
  int n_failures = 0;
  for (int n = 1; !ended_well; ++n) {
    const TemporaryFolder folder;
    EnsembleOptions options = going_on(folder.file("a.h5"));
    options.segments.runs = 5;
    writes_left = n;
    set_write_fault(fail_after);
    try {
      toy::run_batch(about, options);
      ended_well = true;
    } catch (const OutputError& error) {
      ++n_failures;
      CHECK(std::string(error.what()).find("No space left") != std::string::npos);
      CHECK(std::string(error.what()).find("needed") != std::string::npos);
      CHECK(std::string(error.what()).find("--resume") != std::string::npos);
    }
    set_write_fault(nullptr);
    const std::uint64_t reported = find_runs(places_of(options.output_path), about).finished.size();
    CHECK(made_by(about, options).size() == (ended_well ? 0 : 24 - reported));
    CHECK(toy::bytes_of_file(options.output_path) == expected);
  }
  CHECK(n_failures >= 9);  // two writes for each of five segments, after the manifest's head
}

}  // namespace
