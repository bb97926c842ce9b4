#include "cli/input.hpp"

#include "cli/terminal.hpp"
#include "engine/config_files.hpp"
#include "policies/builtin.hpp"

namespace fingers {

Input read_input(const std::string& config, const Settings& settings) {
  Input input;
  input.batch = read_batch_of(config, settings, config_files(builtin_texts(), &input.files),
                              points_files(&input.files));
  return input;
}

void print_mistakes(const Mistakes& mistakes) {
  std::string text;
  for (const Mistake& mistake : mistakes) {
    text += to_text(mistake) + "\n";
  }
  write_note(text);
}

}  // namespace fingers
