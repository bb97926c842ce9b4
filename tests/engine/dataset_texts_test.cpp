// The hash over the texts of a file: a changed letter shows, wherever it stands.
#include <algorithm>

#include "engine/dataset_reader.hpp"
#include "engine/store.hpp"
#include "engine/verify.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

constexpr std::size_t kShortest = 3;  // of what is taken for a text: shorter ones are everywhere

/// The places of the letter after the first of each text of the description.
std::vector<std::size_t> offsets_of(const std::string& bytes,
                                    const std::vector<std::string>& texts) {
  std::vector<std::size_t> places;
  for (const std::string& text : texts) {
    REQUIRE(text.size() >= kShortest);
    std::size_t n = 0;
    for (std::size_t at = bytes.find(text); at != std::string::npos;
         at = bytes.find(text, at + 1), ++n) {
      places.push_back(at + 1);
    }
    CAPTURE(text);
    CHECK(n > 0);
  }
  return places;
}

TEST_CASE("a changed letter of any stored text is found, and the file is not believed") {
  const TemporaryFolder folder;
  DatasetDescription about = toy::describe(CoinModel(), 5);
  about.provenance_text = "{\"program\": \"coins\"}";
  toy::run_batch(about, toy::quiet_options(folder.file("a.h5")));
  const std::string whole = toy::bytes_of_file(folder.file("a.h5"));
  const std::vector<std::size_t> places = offsets_of(
      whole, {about.title, about.licence, about.software, about.provenance_text, about.model_text,
              about.design.points.front().name, about.schema.outcomes.front().meaning,
              about.schema.tables.front().meaning, schema_text(about.schema),
              DatasetReader(folder.file("a.h5")).text_attribute("texts_sha256")});
  for (const std::size_t place : places) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 1);
    toy::write_bytes(folder.file("b.h5"), damaged);
    CAPTURE(place);
    CHECK_FALSE(verify_file(folder.file("b.h5"), true).is_sound());
    CHECK_THROWS_AS(read_info(folder.file("b.h5")), InputError);
    CHECK_THROWS_AS(read_texts(folder.file("b.h5")), InputError);
    CHECK_THROWS_AS(content_digest(folder.file("b.h5")), InputError);
  }
}

TEST_CASE("a text in another place gives another hash, and a segment has one of its own") {
  const TemporaryFolder folder;
  const auto hash = [&](const DatasetDescription& about, const char* name) {
    toy::run_batch(about, toy::quiet_options(folder.file(name)));
    return DatasetReader(folder.file(name)).text_attribute("texts_sha256");
  };
  DatasetDescription about = toy::describe(CoinModel(), 2);
  const std::string first = hash(about, "a.h5");
  CHECK(hash(about, "b.h5") == first);
  std::swap(about.title, about.licence);
  CHECK(hash(about, "c.h5") != first);
  toy::write_segment(folder.file("d.h5"), about, 0, {1});
  const std::vector<std::string> names = folder.names();
  const auto part = std::ranges::find_if(
      names, [](const std::string& name) { return name.starts_with("part-"); });
  REQUIRE(part != names.end());
  CHECK(DatasetReader(folder.file("d.h5.parts/" + *part)).texts_are_whole() == true);
}

}  // namespace
