#include "agents/config_upgrades.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

TEST_CASE("there is a step for every version but the newest, in order") {
  REQUIRE(config_upgrades().size() == kConfigVersion);
  for (std::uint64_t version = 0; version < kConfigVersion; ++version) {
    CHECK(config_upgrades()[version].from == version);
    CHECK_FALSE(config_upgrades()[version].what.empty());
  }
}

TEST_CASE("a draft without a version becomes a config of the newest") {
  const UpgradedConfig upgraded =
      upgrade_config("{\n  \"title\": \"Draft\"\n}\n", "draft.json", config_upgrades());
  CHECK(upgraded.mistakes.empty());
  CHECK(upgraded.text == "{\n  \"schema_version\": 1,\n  \"title\": \"Draft\"\n}\n");
}

TEST_CASE("every config of ours is of the newest version") {
  const std::filesystem::path folder = std::filesystem::path(FINGERS_SOURCE_DIR) / "configs";
  int n = 0;
  for (const auto& where : {folder, folder / "claims"}) {
    for (const auto& entry : std::filesystem::directory_iterator(where)) {
      if (entry.path().extension() == ".json") {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file),
                               std::istreambuf_iterator<char>()};
        const ConfigHead head = read_config_head(text, entry.path().string());
        CHECK(head.version == kConfigVersion);
        ++n;
      }
    }
  }
  CHECK(n > 10);
}

}  // namespace
