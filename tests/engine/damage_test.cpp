// Files that are damaged, cut, foreign or missing are refused in words, and never crash the
// program.
#include "tests/engine/store_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;
using fingers::toy::CoinModel;
using fingers::toy::TemporaryFolder;

namespace {

/// The digest of a file, or "refused".
std::string digest_or_refusal(const std::string& path) {
  try {
    read_info(path);
    return content_digest(path);
  } catch (const InputError&) {
    return "refused";
  }
}

TEST_CASE("missing, foreign and cut files are refused") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(read_info(folder.file("none.h5")), InputError);
  CHECK_THROWS_AS(file_sha256(folder.file("none.h5")), InputError);
  CHECK_THROWS_AS(read_info(folder.file("")), InputError);
  toy::write_bytes(folder.file("text.h5"), "this is no HDF5 file");
  CHECK_THROWS_AS(read_info(folder.file("text.h5")), InputError);
  toy::run_batch(toy::describe(CoinModel(), 5), toy::quiet_options(folder.file("a.h5")));
  const std::string whole = toy::bytes_of_file(folder.file("a.h5"));
  for (std::size_t length = 0; length < whole.size(); length += whole.size() / 20) {
    toy::write_bytes(folder.file("cut.h5"), whole.substr(0, length));
    CHECK_THROWS_AS(read_info(folder.file("cut.h5")), InputError);
  }
}

TEST_CASE("a file with changed bytes is refused or still tells the truth, and never crashes") {
  const TemporaryFolder folder;
  toy::run_batch(toy::describe(CoinModel(), 5), toy::quiet_options(folder.file("a.h5")));
  const std::string whole = toy::bytes_of_file(folder.file("a.h5"));
  const std::string digest = content_digest(folder.file("a.h5"));
  int refused = 0;
  int unchanged = 0;
  int changed = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    std::string damaged = whole;
    const std::size_t place = i * 7919 % whole.size();
    for (std::size_t k = 0; k < 8 && place + k < whole.size(); ++k) {
      damaged[place + k] = static_cast<char>(~damaged[place + k]);
    }
    toy::write_bytes(folder.file("b.h5"), damaged);
    const std::string found = digest_or_refusal(folder.file("b.h5"));
    refused += found == "refused" ? 1 : 0;
    unchanged += found == digest ? 1 : 0;
    changed += found != "refused" && found != digest ? 1 : 0;
  }
  CAPTURE(refused, unchanged, changed);
  CHECK(refused > 10);
  // A changed byte in a text (the heaps of texts have no checksum) shows in the digest.
  CHECK(changed < 15);
}

}  // namespace
