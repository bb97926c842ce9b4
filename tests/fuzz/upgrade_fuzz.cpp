// Configs of old versions from anybody: what is upgraded without a mistake is JSON of the newest
// version, and upgrading it again changes nothing. Changes in any text leave JSON.
#include "agents/config_upgrades.hpp"
#include "tests/fuzz/fuzz_input.hpp"

namespace {

constexpr std::size_t kMostBytes = 64U << 10U;

/// Renames, replaces, adds and removes the first member of an object.
void edit(const std::string& text) {
  using namespace fingers;
  JsonEdit file(text, "config.json");
  if (!file.mistakes().empty()) {
    return;
  }
  if (!file.has("/first added") && !file.has("/last added")) {
    file.add_first("", "first added", "[1]");
    file.add_last("", "last added", "{}");
  }
  for (const std::string& name : file.names_at("")) {
    const std::string pointer = pointer_step(name);
    fuzz::demand(file.has(pointer) && file.text_at(pointer).has_value());
    file.replace(pointer, "{\"within\": 1}");
    file.add_last(pointer, "beside", "null");
    if (!file.has("/renamed")) {
      file.rename(pointer, "renamed");
      file.remove("/renamed");
    }
  }
  fuzz::demand(parse_document(file.text(), "config.json").mistakes.empty());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fingers;
  if (size > kMostBytes) {
    return -1;
  }
  const std::string text = fuzz::text_of({data, size});
  const ConfigHead head = read_config_head(text, "config.json");
  const UpgradedConfig upgraded = upgrade_config(text, "config.json", config_upgrades());
  if (upgraded.mistakes.empty()) {
    fuzz::demand(head.mistakes.empty());
    fuzz::demand(parse_document(upgraded.text, "config.json").mistakes.empty());
    const UpgradedConfig again = upgrade_config(upgraded.text, "config.json", config_upgrades());
    fuzz::demand(again.mistakes.empty() && again.steps.empty() && again.text == upgraded.text);
  }
  if (size < 4096) {  // every change reads the text again
    edit(text);
  }
  return 0;
}
