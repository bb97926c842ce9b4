#include "engine/pilot.hpp"

#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

/// Coins with so many points.
DatasetDescription many_points(std::size_t n) {
  DatasetDescription about = toy::describe(CoinModel(), 50);
  while (about.design.points.size() < n) {
    DesignPoint point = about.design.points[1];
    point.name += std::to_string(about.design.points.size());
    about.design.points.push_back(point);
    about.point_texts.push_back(about.point_texts[1]);
  }
  return about;
}

TEST_CASE("a pilot has the time of a run and its error") {
  const DatasetDescription about = many_points(40);
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    std::this_thread::sleep_for(std::chrono::milliseconds(point % 2 == 0 ? 4 : 12));
    return toy::toss_coins(about, point % 2, replicate);
  };
  const PilotReport report = run_pilot(run, about, 2, 60);
  CHECK(report.n_runs == 40);
  // 8 ms and at most a few of waiting and packing; the deviation of a run is 4 ms.
  CHECK(report.seconds_a_run.mean > 0.008);
  CHECK(report.seconds_a_run.error > 0.0005);
  CHECK(report.events_a_run.mean == Approx(40).margin(15));
  CHECK(report.memory_bytes > 0);
}

TEST_CASE("a pilot ends in time, with one run at least, and counts failures") {
  const DatasetDescription about = many_points(2000);
  const RunFunction slow = [&](std::uint32_t point, std::uint32_t replicate) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return toy::toss_coins(about, point % 2, replicate);
  };
  CHECK(run_pilot(slow, about, 2, 0.2).n_runs < 100);
  CHECK(run_pilot(slow, about, 2, 0).n_runs >= 1);
  const RunFunction failing = [](std::uint32_t, std::uint32_t) -> RunRecord {
    throw std::runtime_error("no");
  };
  const PilotReport report = run_pilot(failing, many_points(5), 1, 60);
  CHECK(report.n_failed == 5);
  CHECK(report.file_bytes_a_run == 0);
}

TEST_CASE("a pilot foretells the size of the file") {
  const TemporaryFolder folder;
  const DatasetDescription about = many_points(60);
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    RunRecord record = toy::toss_coins(about, std::min(point, 1U), replicate);
    Stream stream(make_key(1, StreamKind::dynamics, replicate), {.identity = point});
    for (ColumnData& column : record.tables[0]) {
      std::visit([](auto& values) { values.resize(1000); }, column);
    }
    for (float& purse : std::get<std::vector<float>>(record.tables[0][2])) {
      purse = static_cast<float>(uniform(stream));
    }
    return record;
  };
  const PilotReport report = run_pilot(run, about, 2, 60);
  run_ensemble(run, about, toy::quiet_options(folder.file("a.h5")));
  const double bytes = static_cast<double>(std::filesystem::file_size(folder.file("a.h5")));
  CHECK(report.file_bytes_a_run * 3000 == Approx(bytes).epsilon(0.2));
  CHECK(report.parts_bytes_a_run >= report.file_bytes_a_run);
}

TEST_CASE("the machine has memory and disk") {
  CHECK(available_memory_bytes() > 1U << 20U);
  CHECK(free_disk_bytes("a.h5") > 0);
  CHECK(free_disk_bytes("/nowhere/a.h5") == 0);
}

}  // namespace
