// The program `fingers`: reads the command line, hands over to a command, and turns what went wrong
// into exit codes.
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "agents/simulation.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/terminal.hpp"
#include "cli/versions.hpp"
#include "engine/mistake.hpp"
#include "engine/store.hpp"

namespace fingers {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  fingers run configs/release-regimes.json -o results/release-regimes.h5\n"
    "  fingers run configs/release-regimes.json -o results/release-regimes.h5 --resume\n"
    "  fingers plan configs/release-regimes.json\n"
    "  fingers expand configs/release-regimes.json -o results/release-regimes.h5 --replicates 400\n"
    "  fingers retry results/release-regimes.h5\n"
    "  fingers merge results/release-regimes.h5\n"
    "  fingers missing results/release-regimes.h5\n"
    "  fingers verify results/release-regimes.h5 --sample 1%\n"
    "  fingers repeat results/release-regimes.h5 --regime closed --replicate 7\n"
    "  fingers trace results/release-regimes.h5 --regime closed --replicate 7\n"
    "  fingers diff results/mine.h5 results/theirs.h5 --regime closed --replicate 7\n"
    "  fingers demo fingers --speed 12\n"
    "  fingers validate configs/*.json\n"
    "  fingers explain configs/release-regimes.json /population/developers\n"
    "  fingers schema > fingers.schema.json\n"
    "  fingers regimes staged-release\n"
    "  fingers info results/release-regimes.h5\n"
    "  fingers export results/release-regimes.h5 --to csv -o results/csv\n"
    "  fingers upgrade configs/mine.json --in-place\n"
    "  fingers rare configs/rare/attempts.json -o results/attempts.json\n"
    "\n"
    "Exit codes: 0 done; 1 some replicate failed, runs that `diff` finds to part, or a defect of "
    "the\n"
    "program; 2 wrong input or usage;\n"
    "3 data that cannot be read; 65 data that contradict each other; 74 input/output error;\n"
    "75 stopped by SIGTERM, or the output is in use; 130 stopped by SIGINT.\n";

std::string version_text() {
  return "fingers " + std::string(program_version()) + " (results version " +
         std::to_string(kResultsVersion) + ")\n";
}

/// Says what is wrong with a command line, and the nearest command where it names none.
int refuse_usage(const CLI::ParseError& error, const std::vector<Command>& commands,
                 const std::vector<std::string>& words) {
  std::string text = "fingers: " + std::string(error.what()) + "\n";
  std::vector<std::string> names;
  const Command* asked = nullptr;
  for (const Command& command : commands) {
    names.push_back(command.line->get_name());
    asked = words.size() > 1 && words[1] == names.back() ? &command : asked;
  }
  if (asked != nullptr) {
    text += "see `fingers " + asked->line->get_name() + " --help`\n";
  } else if (words.size() > 1 && !words[1].starts_with("-")) {
    const std::string nearest = nearest_name(words[1], names);
    text = "fingers: there is no command \"" + words[1] + "\"" +
           (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?") +
           "\nsee `fingers --help`\n";
  } else {
    text += "see `fingers --help`\n";
  }
  write_note(text);
  return kWrongInput;
}

int dispatch(const std::vector<std::string>& words) {
  CLI::App program("Enough Fingers: AI risk and AI freedom under open and closed release regimes",
                   "fingers");
  program.footer(kExamples);
  program.require_subcommand(1);
  program.set_version_flag("--version", version_text());
  const std::vector<Command> commands{
      make_run(program, words),   make_plan(program),         make_expand(program, words),
      make_retry(program, words), make_merge(program, words), make_missing(program),
      make_verify(program),       make_repeat(program),       make_trace(program),
      make_diff(program),         make_demo(program),         make_validate(program),
      make_explain(program),      make_schema(program),       make_regimes(program),
      make_info(program),         make_export(program),       make_upgrade(program),
      make_rare(program)};
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend() - 1);
    program.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    write_result(program.help());
    return kDone;
  } catch (const CLI::CallForVersion&) {
    write_result(version_text());
    return kDone;
  } catch (const CLI::ParseError& error) {
    return refuse_usage(error, commands, words);
  }
  for (const Command& command : commands) {
    if (command.line->parsed()) {
      return command.act();
    }
  }
  return kWrongInput;
}

int report(int code, const std::string& what) {
  write_note("fingers: " + what + "\n");
  return code;
}

int guarded(const std::vector<std::string>& words) {
  try {
    return dispatch(words);
  } catch (const OutputBusyError& error) {
    return report(kTryLater, error.what());
  } catch (const OutputPlaceError& error) {
    return report(kWrongInput, error.what());
  } catch (const OutputError& error) {
    return report(kOutputFailed, error.what());
  } catch (const ConflictError& error) {
    return report(kConflict, error.what());
  } catch (const InputError& error) {
    return report(kUnreadable, error.what());
  } catch (const std::bad_alloc&) {
    return report(kFailed, "out of memory");
  } catch (const std::exception& error) {
    return report(kFailed, std::string("a defect of the program: ") + error.what());
  }
}

}  // namespace

}  // namespace fingers

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is then an error of a write
  std::signal(SIGXFSZ, SIG_IGN);  // and so is a file that may not grow
  std::signal(SIGABRT, [](int) { std::_Exit(fingers::kFailed); });  // a broken contract: our defect
  std::vector<std::string> words(argv, argv + argc);
  if (words.empty()) {
    words.emplace_back("fingers");
  }
  words.front() = "fingers";
  return fingers::guarded(words);
}
