#include "cli/provenance.hpp"

#include <filesystem>

#include "cli/versions.hpp"

namespace fingers {

namespace {

/// An argument as a shell takes it.
std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
    return word;
  }
  std::string quoted = "'";
  for (const char c : word) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

}  // namespace

std::string repeat_command(const std::string& config, const Settings& settings) {
  std::string command =
      "fingers run " + shell_word(std::filesystem::path(config).filename().string());
  if (settings.seed) {
    command += " --seed " + shell_word(*settings.seed);
  }
  if (settings.replicates) {
    command += " --replicates " + shell_word(*settings.replicates);
  }
  for (const std::string& set : settings.set) {
    command += " --set " + shell_word(set);
  }
  return command;
}

std::string provenance_text(const Batch& batch, const std::string& command) {
  return provenance_text(batch, command, program_version());
}

DatasetDescription describe(const Batch& batch, const Simulation& simulation,
                            const std::string& provenance) {
  return describe(batch, simulation, provenance, program_version());
}

}  // namespace fingers
