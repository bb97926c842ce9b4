#include "engine/content_bytes.hpp"

#include "tests/support/catch.hpp"

namespace fingers {

TEST_CASE("numbers of the digest have eight bytes and texts come after their length") {
  const Design design = full_factorial({"a"}, {}, 3);
  const std::string head = content_head({.results_version = 258,
                                         .model_text = "xy",
                                         .seeds = {.design = 1, .population = 2, .dynamics = 3},
                                         .n_runs = 3},
                                        design);
  const std::string expected =
      std::string("\x02\x01\0\0\0\0\0\0", 8) +  // results version
      std::string("\x02\0\0\0\0\0\0\0xy", 10) + std::string("\0\0\0\0\0\0\0\0", 8) +  // factors
      std::string("\x01\0\0\0\0\0\0\0", 8) +                                          // points
      std::string("\x01\0\0\0\0\0\0\0a", 9) + std::string("\x01\0\0\0\0\0\0\0a", 9) +
      std::string("\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0", 16) +
      std::string("\x03\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0", 16);
  CHECK(head == expected);
}

TEST_CASE("blocks and independent random numbers enter the head, where there are any") {
  const ContentOrigin origin;
  Design design = full_factorial({"a"}, {}, 1);
  const std::string head = content_head(origin, design);
  design.points[0].block = {.base_row = 1, .step = 2, .name = "AB:3"};
  CHECK(content_head(origin, design) == head);  // this kind has no blocks
  design.kind = DesignKind::saltelli;
  const std::string with_blocks = content_head(origin, design);
  CHECK(with_blocks.size() == head.size() + 28);
  CHECK(with_blocks.find("AB:3") != std::string::npos);
  design.random_numbers = RandomNumbers::independent;
  CHECK(content_head(origin, design).find("independent") != std::string::npos);
}

TEST_CASE("a run's piece of the digest holds point, replicate, status and hash") {
  const std::string piece = content_of_run(1, 2, RunStatus::failed, 0xFF00000000000003U);
  CHECK(piece == std::string("\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0", 16) +
                     std::string("\x02\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\xFF", 16));
}

}  // namespace fingers
