#include "engine/run_sources.hpp"

#include <algorithm>

#include "engine/parts.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

/// The same batch with the points of its design the other way round, and another title.
DatasetDescription turned_around(DatasetDescription about) {
  std::ranges::reverse(about.design.points);
  std::ranges::reverse(about.point_texts);
  about.config_text = "{\"title\": \"Coins, turned around\"}";
  return about;
}

TEST_CASE("runs are found in parts and in a results file") {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.h5");
  const DatasetDescription about = toy::describe(CoinModel(), 5);
  CHECK(places_of(path).empty());
  toy::write_segment(path, about, 0, {0, 1});
  toy::write_segment(path, about, 2, {1, 4});
  CHECK(places_of(path).size() == 1);
  const FoundRuns parts = find_runs(places_of(path), about);
  CHECK(parts.finished.size() == 6);
  CHECK(parts.finished.has(9));
  CHECK_FALSE(parts.finished.has(6));
  CHECK(parts.sources.size() == 2);
  merge_segments(path, about);
  const FoundRuns both = find_runs(places_of(path), about);
  CHECK(both.finished.size() == 6);
  CHECK(both.sources.size() == 3);
}

TEST_CASE("points are known by what they are, not by their number") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 3);
  toy::run_batch(about, toy::quiet_options(folder.file("a.h5")));
  const DatasetDescription turned = turned_around(about);
  const FoundRuns found = find_runs({folder.file("a.h5")}, turned);
  CHECK(found.finished.size() == 6);
  REQUIRE(found.sources.size() == 2);  // the file is read once for each point
  CHECK(found.sources[0].points == std::vector<std::uint32_t>{1, kNone});
  CHECK(found.sources[1].points == std::vector<std::uint32_t>{kNone, 0});
}

TEST_CASE("points that are alike are told apart by their order") {
  const TemporaryFolder folder;
  DatasetDescription about = toy::describe(CoinModel(), 2);
  about.point_texts[1] = about.point_texts[0];
  toy::run_batch(about, toy::quiet_options(folder.file("a.h5")));
  about.config_text += " ";
  const FoundRuns found = find_runs({folder.file("a.h5")}, about);
  CHECK(found.finished.size() == 4);
  REQUIRE(found.sources.size() == 1);
  CHECK(found.sources[0].points == std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("runs that the design does not have are refused") {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.h5");
  toy::run_batch(toy::describe(CoinModel(), 3), toy::quiet_options(path));
  CHECK_THROWS_WITH(find_runs({path}, toy::describe(CoinModel(), 2)),
                    Catch::Matchers::Contains("does not ask for (point 0, fair, replicate 2)"));
  CHECK_THROWS_AS(find_runs({path}, toy::describe(CoinModel(), 3, 8)), ConflictError);
  DatasetDescription newer = toy::describe(CoinModel(), 3);
  newer.results_version = 9;
  CHECK_THROWS_WITH(find_runs({path}, newer),
                    Catch::Matchers::Contains("results version 1, and this program 9"));
  CHECK_THROWS_AS(find_runs({folder.file("none.h5")}, toy::describe(CoinModel(), 3)), InputError);
}

TEST_CASE("a run that failed in one place and is done in another has not failed") {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.h5");
  const DatasetDescription about = toy::describe(CoinModel(), 2);
  {
    SegmentWriter writer(path, about, 0, Opening::fresh, {.runs = 1});
    for (const bool fails : {true, false, true}) {
      auto record = std::make_unique<RunRecord>(toy::toss_coins(about, 1, 1));
      record->status = fails ? RunStatus::failed : RunStatus::done;
      record->failure = fails ? "lost" : "";
      writer.add(std::move(record));
    }
  }
  const FoundRuns found = find_runs(places_of(path), about);
  CHECK(found.finished.size() == 1);
  CHECK(found.failed.size() == 0);
  merge_segments(path, about);
  CHECK(read_info(path).n_failed == 0);
  CHECK(read_info(path).n_missing == 3);
}

}  // namespace
