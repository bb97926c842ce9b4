#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <set>

#include "engine/disk.hpp"
#include "engine/parts.hpp"
#include "engine/signals.hpp"
#include "engine/verify.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

TEST_CASE("the canonical file has the same bytes for any threads, segments and order of runs") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 65);
  toy::run_batch(about, toy::quiet_options(folder.file("one.h5"), 1));
  const std::string sha = file_sha256(folder.file("one.h5"));
  const std::string digest = content_digest(folder.file("one.h5"));
  // Segments of one run are more than are merged at once.
  for (const auto& [threads, runs] : {std::pair(2, 1U), {2, 1000U}, {7, 7U}, {7, 50U}}) {
    EnsembleOptions options = toy::quiet_options(folder.file("many.h5"), threads);
    options.segments.runs = runs;
    options.opening = Opening::overwrite;
    toy::run_batch(about, options);
    CHECK(file_sha256(folder.file("many.h5")) == sha);
    CHECK(content_digest(folder.file("many.h5")) == digest);
  }
}

// Chunks of over 16 MiB, of which the next is filled only when one has been written.
TEST_CASE("series in several large chunks have the same bytes too, and are what was recorded") {
  const TemporaryFolder folder;
  DatasetDescription about = toy::describe(CoinModel(), 1'100);
  about.schema.series.resize(1);
  about.clock.n_steps = 4'200;
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    RunRecord record;
    record.tables = {{std::vector<double>(), std::vector<std::uint8_t>(), std::vector<float>(),
                      std::vector<std::uint32_t>()},
                     {std::vector<std::uint64_t>()}};
    record.outcomes = {1, 2};
    record.series.resize(about.clock.n_steps);
    for (std::uint32_t step = 0; step < about.clock.n_steps; ++step) {
      record.series[step] = static_cast<float>((replicate + 7 * point) * step % 4'001);
    }
    return record;
  };
  std::vector<std::string> hashes;
  for (const int threads : {1, 2}) {
    EnsembleOptions options = toy::quiet_options(folder.file("a.h5"), threads);
    options.opening = Opening::overwrite;
    run_ensemble(run, about, options);
    hashes.push_back(file_sha256(folder.file("a.h5")));
  }
  CHECK(hashes[1] == hashes[0]);
  CHECK(verify_file(folder.file("a.h5"), false).is_sound());  // holds every run to its hash
}

TEST_CASE("tables longer than a chunk have the same bytes too") {
  const TemporaryFolder folder;
  DatasetDescription about = toy::describe(CoinModel(), 10);
  about.schema.series.clear();
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    const std::uint32_t n = 20'000 + 3'001 * replicate + 100 * point;
    RunRecord record;
    record.tables = {{std::vector<double>(n, 0.5), std::vector<std::uint8_t>(n, 1),
                      std::vector<float>(n, 1.0F), std::vector<std::uint32_t>(n)},
                     {std::vector<std::uint64_t>{replicate}}};
    auto& streak = std::get<std::vector<std::uint32_t>>(record.tables[0][3]);
    for (std::uint32_t i = 0; i < n; ++i) {
      streak[i] = i * (replicate + 1) % 1009;
    }
    record.outcomes = {1, 2};
    return record;
  };
  std::set<std::string> hashes;
  EnsembleReport report;
  for (const std::uint64_t bytes : {1U << 10U, 3U << 20U, 1U << 30U}) {
    for (const int threads : {1, 3}) {
      EnsembleOptions options = toy::quiet_options(folder.file("a.h5"));
      options.segments.bytes = bytes;
      options.threads = threads;
      options.opening = Opening::overwrite;
      report = run_ensemble(run, about, options);
      hashes.insert(file_sha256(folder.file("a.h5")));
    }
  }
  CHECK(hashes.size() == 1);
  const DatasetInfo info = read_info(folder.file("a.h5"));
  CHECK(report.merge.totals.table_rows == info.totals.table_rows);
  CHECK(report.merge.totals.outcome_sums == info.totals.outcome_sums);
  CHECK(info.totals.table_rows[0].second == 671'090);  // over five chunks of 131,072
  CHECK(content_digest(folder.file("a.h5")).size() == 64);
}

TEST_CASE("runs that are not there are marked, and the parts stay") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 6);
  toy::write_segment(folder.file("a.h5"), about, 0, {1, 4});
  merge_segments(folder.file("a.h5"), about);
  const DatasetInfo info = read_info(folder.file("a.h5"));
  CHECK_FALSE(info.complete);
  CHECK(info.n_runs == 12);
  CHECK(info.n_missing == 8);
  CHECK(std::filesystem::exists(folder.file("a.h5.parts")));
}

TEST_CASE("shards join into the file of a single batch, and the parts go") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 6);
  toy::run_batch(about, toy::quiet_options(folder.file("whole.h5")));
  toy::write_segment(folder.file("a.h5"), about, 0, {1, 4, 5});
  toy::write_segment(folder.file("a.h5"), about, 3, {0, 2, 3, 4});  // 4 is in both, and equal
  merge_segments(folder.file("a.h5"), about);
  CHECK(file_sha256(folder.file("a.h5")) == file_sha256(folder.file("whole.h5")));
  CHECK_FALSE(std::filesystem::exists(folder.file("a.h5.parts")));
}

TEST_CASE("a run that is there twice with different content is a conflict") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 3);
  toy::write_segment(folder.file("a.h5"), about, 0, {0, 1, 2});
  {
    SegmentWriter writer(folder.file("a.h5"), about, 1, Opening::fresh);
    RunRecord other = toy::toss_coins(about, 0, 1);
    other.outcomes[0] += 1;
    writer.add(std::make_unique<RunRecord>(other));
    writer.flush();
  }
  CHECK_THROWS_AS(merge_segments(folder.file("a.h5"), about), ConflictError);
}

TEST_CASE("parts of another configuration are a conflict") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 3);
  toy::write_segment(folder.file("a.h5"), about, 0, {0, 1, 2});
  CHECK_THROWS_AS(merge_segments(folder.file("a.h5"), toy::describe(CoinModel(), 3, 8)),
                  ConflictError);
  DatasetDescription other_columns = about;
  other_columns.schema.outcomes[0].name = "tails";
  CHECK_THROWS_AS(merge_segments(folder.file("a.h5"), other_columns), InputError);
  CHECK_THROWS_AS(merge_segments(folder.file("a.h5"), toy::describe(CoinModel(), 2)), InputError);
  CHECK_FALSE(std::filesystem::exists(folder.file("a.h5")));
  CHECK_FALSE(std::filesystem::exists(folder.file("a.h5.tmp")));
}

TEST_CASE("all damaged parts are named and set aside at once") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 6);
  const std::string path = folder.file("a.h5");
  for (std::uint32_t shard = 0; shard < 3; ++shard) {
    toy::write_segment(path, about, shard, {2 * shard, 2 * shard + 1});
    const std::string part = fmt::format("{}.parts/part-{:03}-00000.h5", path, shard);
    std::string bytes = toy::bytes_of_file(part);
    bytes[bytes.size() / 2] ^= shard == 1 ? 0 : 1;  // the second one is sound
    toy::write_bytes(part, bytes);
  }
  CHECK_THROWS_WITH(merge_segments(path, about),
                    Catch::Matchers::Contains("part-000-00000.h5' is damaged (so is '") &&
                        Catch::Matchers::Contains("part-002-00000.h5')") &&
                        Catch::Matchers::Contains("makes its 8 runs again"));
  CHECK(std::filesystem::exists(path + ".parts/part-000-00000.h5.damaged"));
  CHECK(std::filesystem::exists(path + ".parts/part-001-00000.h5"));
  CHECK(std::filesystem::exists(path + ".parts/part-002-00000.h5.damaged"));
}

TEST_CASE("a damaged part is named and stops the merge") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 3);
  toy::write_segment(folder.file("a.h5"), about, 0, {0, 1, 2});
  const std::string part = folder.file("a.h5.parts/part-000-00000.h5");
  std::string bytes = toy::bytes_of_file(part);
  bytes[bytes.size() / 2] ^= 1;
  toy::write_bytes(part, bytes);
  CHECK_THROWS_WITH(merge_segments(folder.file("a.h5"), about),
                    Catch::Matchers::Contains("part-000-00000.h5' is damaged"));
}

TEST_CASE("a disk that fills up during the merge loses nothing and crashes nothing") {
  watch_signals();  // without SIGXFSZ, a limit on the size of files is an error of write
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 200);
  for (std::uint32_t shard = 0; shard < 4; ++shard) {
    toy::write_segment(folder.file("a.h5"), about, shard,
                       {50 * shard, 50 * shard + 10, 50 * shard + 20, 50 * shard + 49});
  }
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  for (const rlim_t limit : {100U, 5'000U, 20'000U, 30'000U}) {
    const rlimit small{.rlim_cur = limit, .rlim_max = before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    bool refused = false;
    try {
      merge_segments(folder.file("a.h5"), about);
    } catch (const OutputError& error) {
      refused =
          std::string(error.what()).find("the finished runs are safe in") != std::string::npos;
    }
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK(refused);
    CHECK_FALSE(std::filesystem::exists(folder.file("a.h5")));
    CHECK_FALSE(std::filesystem::exists(folder.file("a.h5.tmp")));
  }
  merge_segments(folder.file("a.h5"), about);
  CHECK(read_info(folder.file("a.h5")).n_missing == 400 - 32);
}

TEST_CASE("there must be something to merge") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(merge_segments(folder.file("a.h5"), toy::describe(CoinModel(), 1)), InputError);
}

}  // namespace
