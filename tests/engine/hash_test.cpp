#include "engine/hash.hpp"

#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

TEST_CASE("SHA-256 is that of FIPS 180-4") {
  CHECK(text_sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(text_sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("texts that are fed one after the other do not run together") {
  Sha256 first;
  first.add_text("ab");
  first.add_text("c");
  Sha256 second;
  second.add_text("a");
  second.add_text("bc");
  CHECK(first.hex() != second.hex());
}

TEST_CASE("a UUID of a name is of version 5, and the same each time") {
  const std::string uuid = uuid_of_name("coins");
  CHECK(uuid == uuid_of_name("coins"));
  CHECK(uuid != uuid_of_name("dice"));
  REQUIRE(uuid.size() == 36);
  CHECK(uuid[14] == '5');
  CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
}

}  // namespace
