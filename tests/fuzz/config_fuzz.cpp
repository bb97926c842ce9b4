// Configs from anybody, on the built-in bases, with a points file: they are read or their mistakes
// are said; nothing else. Input: a config, a zero byte, "points.csv".
#include "agents/batch_input.hpp"
#include "policies/builtin.hpp"
#include "tests/fuzz/fuzz_input.hpp"

namespace {

constexpr std::size_t kMostBytes = 64U << 10U;

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fingers;
  if (size > kMostBytes) {
    return -1;
  }
  const auto [config, points] = fuzz::two_texts({data, size});
  const TextSource file = fuzz::only_file(config, "config.json");
  const TextSource configs = [&](const std::string& path, const std::string& from) {
    const std::string_view builtin = builtin_config(path);
    return builtin.empty() ? file(path, from)
                           : TextAnswer{.text = std::string(builtin), .path = path, .problem = {}};
  };
  const Batch batch =
      read_batch_of("config.json", {}, configs, fuzz::only_file(points, "points.csv"));
  for (const Mistake& mistake : batch.mistakes) {
    fuzz::demand(!to_text(mistake).empty() && !mistake.message.empty());
  }
  return 0;
}
