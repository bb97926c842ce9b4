// Tables of points from anybody: they are taken in as a list of rows of equal terms, or their
// mistakes are said.
#include "engine/points_file.hpp"
#include "tests/fuzz/fuzz_input.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fingers;
  Loaded config = parse_document(R"({"design": {"points_file": "points.csv"}})", "config.json");
  const Mistakes mistakes = take_in_points_file(
      config.document, "/design", fuzz::only_file(fuzz::text_of({data, size}), "points.csv"));
  const Loaded again = parse_document(config.document.text(), "taken.json");
  fuzz::demand(again.mistakes.empty());
  if (mistakes.empty()) {
    fuzz::demand(again.document.text_at("/design/columns").has_value());
    fuzz::demand(again.document.text_at("/design/points").has_value());
  }
  for (const Mistake& mistake : mistakes) {
    fuzz::demand(!to_text(mistake).empty());
  }
  return 0;
}
