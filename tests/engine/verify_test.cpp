#include "engine/verify.hpp"

#include <algorithm>

#include "engine/store.hpp"
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

std::string joined(const VerifyReport& report) {
  std::string text;
  for (const std::string& line : report.damages) {
    text += line + "\n";
  }
  return text;
}

TEST_CASE("a whole file is sound, and so is one with runs that are missing or failed") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 6);
  toy::run_batch(about, toy::quiet_options(folder.file("a.h5")));
  CHECK(joined(verify_file(folder.file("a.h5"), false)).empty());
  CHECK(verify_file(folder.file("a.h5"), true).n_runs == 12);
  toy::write_segment(folder.file("b.h5"), about, 0, {1, 3});
  merge_segments(folder.file("b.h5"), about);
  CHECK(joined(verify_file(folder.file("b.h5"), false)).empty());
  CHECK(verify_file(folder.file("b.h5"), false).n_runs == 12);
  CHECK_THROWS_AS(verify_file(folder.file("none.h5"), false), InputError);
}

/// Places of a file where its bytes are those of a text.
std::vector<std::size_t> places_of_text(const std::string& bytes, const std::string& text) {
  std::vector<std::size_t> places;
  for (std::size_t at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1)) {
    places.push_back(at);
  }
  return places;
}

TEST_CASE("damage is named by column, chunk and runs") {
  const TemporaryFolder folder;
  const DatasetDescription about = toy::describe(CoinModel(), 200);
  toy::run_batch(about, toy::quiet_options(folder.file("a.h5")));
  const std::string whole = toy::bytes_of_file(folder.file("a.h5"));
  int in_columns = 0;
  int undetected = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    std::string damaged = whole;
    const std::size_t place = (i * 104729 + 50) % whole.size();
    for (std::size_t k = 0; k < 4 && place + k < whole.size(); ++k) {
      damaged[place + k] = static_cast<char>(~damaged[place + k]);
    }
    toy::write_bytes(folder.file("b.h5"), damaged);
    const VerifyReport report = verify_file(folder.file("b.h5"), false);
    const std::string text = joined(report);
    undetected += report.is_sound() ? 1 : 0;
    if (text.find("its bytes are damaged") != std::string::npos) {
      ++in_columns;
      CHECK(text.find("chunk 0") != std::string::npos);
      CHECK(text.find("runs ") != std::string::npos);
    }
  }
  CHECK(in_columns > 10);
  // Bytes that nothing reads: free space, and which axes are whose, for other programs.
  CHECK(undetected < 20);
}

TEST_CASE("a changed config text shows") {
  const TemporaryFolder folder;
  toy::run_batch(toy::describe(CoinModel(), 3), toy::quiet_options(folder.file("a.h5")));
  std::string bytes = toy::bytes_of_file(folder.file("a.h5"));
  for (const std::size_t place : places_of_text(bytes, "\"title\": \"Coins\"")) {
    bytes[place + 12] = 'L';  // another title
  }
  toy::write_bytes(folder.file("b.h5"), bytes);
  const std::string text = joined(verify_file(folder.file("b.h5"), true));
  CHECK(text.find("does not have the SHA-256") != std::string::npos);
}

}  // namespace
