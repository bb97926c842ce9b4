#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "engine/dataset_identity.hpp"
#include "engine/dataset_reader.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

TEST_CASE("every column of every run reads back as it was recorded") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 30);
  toy::run_batch(about, toy::quiet_options(folder.file("a.h5")));
  DatasetReader file(folder.file("a.h5"));
  for (std::uint32_t p = 0; p < 2; ++p) {
    for (std::uint32_t r = 0; r < 30; ++r) {
      const auto header = file.next();
      REQUIRE(header);
      CHECK(header->point == p);
      CHECK(header->replicate == r);
      CHECK(header->status == RunStatus::done);
      const RunRecord expected = toy::toss_coins(about, p, r);
      const RunRecord found = file.record();
      CHECK(found.tables == expected.tables);
      CHECK(found.series == expected.series);
      CHECK(found.outcomes == expected.outcomes);
      CHECK(header->content_hash == content_hash(expected));
    }
  }
  CHECK_FALSE(file.next());
}

TEST_CASE("a file says what it holds") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 20);
  const EnsembleReport report = toy::run_batch(about, toy::quiet_options(folder.file("a.h5")));
  const DatasetInfo info = read_info(folder.file("a.h5"));
  CHECK(info.title == "Coins");
  CHECK(info.software == "coins 0.1.0");
  CHECK(info.schema_name == "coins");
  CHECK(info.schema_version == 3);
  CHECK(info.results_version == 1);
  CHECK(info.seeds.dynamics == about.seeds.dynamics);
  CHECK(info.complete);
  CHECK(info.n_points == 2);
  CHECK(info.n_runs == 40);
  CHECK(info.n_missing == 0);
  CHECK(info.n_failed == 0);
  REQUIRE(info.totals.table_rows.size() == 2);
  CHECK(info.totals.table_rows[0] ==
        std::pair<std::string, std::uint64_t>("tosses", report.state.events));
  CHECK(info.totals.table_rows[1] == std::pair<std::string, std::uint64_t>("gamblers", 40));
  double heads = 0;
  for (std::uint32_t run = 0; run < 40; ++run) {
    heads += toy::toss_coins(about, run / 20, run % 20).outcomes[0];
  }
  CHECK(info.totals.outcome_sums[0] == std::pair<std::string, double>("heads", heads));
  CHECK(info.file_bytes == std::filesystem::file_size(folder.file("a.h5")));
}

TEST_CASE("design, texts and seeds read back") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 2);
  toy::run_batch(about, toy::quiet_options(folder.file("a.h5")));
  DatasetReader file(folder.file("a.h5"));
  CHECK(file.text("config") == about.config_text);
  CHECK(file.text("model_config") == about.model_text);
  CHECK(file.text("schema_json") == schema_text(about.schema));
  CHECK(file.text_attribute("Conventions") == "CF-1.10 ACDD-1.3");
  CHECK(file.whole_attribute("seed_population") == about.seeds.population);
  const Design design = file.design();
  REQUIRE(design.points.size() == 2);
  CHECK(design.points[1].name == "loaded");
  CHECK(design.points[1].setting == "club");
  CHECK(design.points[1].values == std::vector<double>{0.6});
  CHECK(design.factors.at(0).pointer == "/coin/heads");
}

TEST_CASE("where points stand in a design reads back, and how they share random numbers") {
  const TemporaryFolder folder;
  DatasetDescription about = toy::describe(CoinModel(), 1);
  toy::run_batch(about, toy::quiet_options(folder.file("plain.h5")));
  about.design.kind = DesignKind::morris;
  about.design.points[1].block = {.base_row = 4, .step = 2, .name = "down:1"};
  about.design.random_numbers = RandomNumbers::independent;
  about.design.crossed = false;
  toy::run_batch(about, toy::quiet_options(folder.file("blocks.h5")));
  const Design plain = DatasetReader(folder.file("plain.h5")).design();
  CHECK(plain.kind == DesignKind::factorial);
  CHECK(plain.random_numbers == RandomNumbers::common);
  CHECK(plain.crossed);
  CHECK(plain.points[1].block.name.empty());
  const Design design = DatasetReader(folder.file("blocks.h5")).design();
  CHECK(design.kind == DesignKind::morris);
  CHECK(design.random_numbers == RandomNumbers::independent);
  CHECK(!design.crossed);
  CHECK(design.points[0].block.base_row == 0);
  CHECK(design.points[1].block.base_row == 4);
  CHECK(design.points[1].block.step == 2);
  CHECK(design.points[1].block.name == "down:1");
  CHECK(read_info(folder.file("blocks.h5")).random_numbers == "independent");
}

TEST_CASE("points of one world share identities, unless their random numbers are their own") {
  DatasetDescription about = toy::describe(CoinModel(), 3);
  about.point_texts[1] = about.point_texts[0];
  const RunIdentities common(about);
  CHECK(common.of(0, 2) == common.of(1, 2));
  CHECK(common.of(0, 1) != common.of(0, 2));
  about.design.random_numbers = RandomNumbers::independent;
  const RunIdentities independent(about);
  CHECK(independent.of(0, 2) != independent.of(1, 2));
  CHECK(independent.of(0, 2) != common.of(0, 2));
}

TEST_CASE("the digest tells content apart, and nothing else") {
  const TemporaryFolder folder;
  const auto digest_of = [&](const std::string& name, const DatasetDescription& about) {
    toy::run_batch(about, toy::quiet_options(folder.file(name)));
    return content_digest(folder.file(name));
  };
  const DatasetDescription about = toy::describe(CoinModel(), 5);
  const std::string digest = digest_of("a.h5", about);
  DatasetDescription other_words = about;
  other_words.title = "Other words";
  other_words.config_text = "{}";
  CHECK(digest_of("b.h5", other_words) == digest);
  DatasetDescription other_model = about;
  other_model.model_text = "{\"heads\": [0.5]}";
  CHECK(digest_of("c.h5", other_model) != digest);
  CHECK(digest_of("d.h5", toy::describe(CoinModel(), 5, 8)) != digest);
  CHECK(digest_of("e.h5", toy::describe(CoinModel(), 6)) != digest);
}

TEST_CASE("a file that another tool packed anew keeps its digest") {
  if (std::system("h5repack --version > /dev/null 2>&1") != 0) {
    WARN("h5repack is not here; the reading of foreign chunks was not tried");
    return;
  }
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 40);
  toy::run_batch(about, toy::quiet_options(folder.file("a.h5")));
  const std::string repack = "h5repack -f GZIP=9 -l tosses/time:CHUNK=100 " + folder.file("a.h5") +
                             " " + folder.file("b.h5");
  REQUIRE(std::system(repack.c_str()) == 0);
  CHECK(content_digest(folder.file("b.h5")) == content_digest(folder.file("a.h5")));
}

TEST_CASE("a model without series and without rows has a file all the same") {
  const TemporaryFolder folder;
  DatasetDescription about = toy::describe(CoinModel(), 3);
  about.schema.series.clear();
  run_ensemble(
      [](std::uint32_t /*point*/, std::uint32_t replicate) {
        RunRecord record;
        record.tables = {{std::vector<double>{}, std::vector<std::uint8_t>{}, std::vector<float>{},
                          std::vector<std::uint32_t>{}},
                         {std::vector<std::uint64_t>{}}};
        record.outcomes = {std::nan(""), static_cast<double>(replicate)};
        return record;
      },
      about, toy::quiet_options(folder.file("a.h5")));
  const DatasetInfo info = read_info(folder.file("a.h5"));
  CHECK(info.totals.table_rows[0].second == 0);
  CHECK(info.totals.outcome_sums[0].second == 0);  // NaN is left out
  CHECK(info.totals.outcome_sums[1].second == 6);
  CHECK(content_digest(folder.file("a.h5")).size() == 64);
}

}  // namespace
