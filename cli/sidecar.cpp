#include "cli/sidecar.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "cli/versions.hpp"
#include "engine/config_reader.hpp"
#include "engine/json_text.hpp"
#include "engine/memory_gate.hpp"
#include "engine/store.hpp"

namespace fingers {

namespace {

using Layout = JsonObject::Layout;

/// 2026-03-01T12:30:00Z
std::string as_utc(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), length};
}

std::string host_json() {
  utsname host{};
  ::uname(&host);
  return JsonObject(Layout::line)
      .text("name", host.nodename)
      .text("system", host.sysname)
      .text("release", host.release)
      .text("machine", host.machine)
      .str();
}

std::string versions_json() {
  JsonObject versions(Layout::line);
  versions.text("enough-fingers", program_version());
  for (const Version& version : build_versions()) {
    versions.text(version.name, version.version);
  }
  return versions.str();
}

std::string words_json(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words) {
    quoted.push_back(json_quoted(word));
  }
  return json_list(quoted);
}

std::string sidecar_json(const std::string& output, const RunCircumstances& run,
                         const std::string& content_digest) {
  return JsonObject(Layout::lines)
             .text("file", std::filesystem::path(output).filename().string())
             .text("sha256", file_sha256(output))
             .text("content_digest", content_digest)
             .json("command_line", words_json(run.command_line))
             .text("began", as_utc(run.began))
             .text("ended", as_utc(run.ended))
             .number("seconds", run.seconds)
             .json("stopped", run.stopped ? "true" : "false")
             .whole("threads", static_cast<std::uint64_t>(run.threads))
             .whole("peak_memory_bytes", peak_resident_bytes())
             .json("host", host_json())
             .text("commit", program_commit())
             .json("versions", versions_json())
             .str() +
         "\n";
}

}  // namespace

std::string sidecar_path(const std::string& output) {
  const std::string stem = output.ends_with(".h5") ? output.substr(0, output.size() - 3) : output;
  return stem + ".run.json";
}

void write_sidecar(const std::string& output, const RunCircumstances& circumstances,
                   const std::string& content_digest) {
  const std::string path = sidecar_path(output);
  const std::string text = sidecar_json(output, circumstances, content_digest);
  const std::string temporary = path + ".tmp";
  std::ofstream file(temporary, std::ios::binary);
  file << text;
  file.close();
  std::error_code error;
  if (file) {
    std::filesystem::rename(temporary, path, error);
  }
  if (!file || error) {
    std::filesystem::remove(temporary, error);
    throw OutputError("cannot write '" + path + "'; the results are complete without it");
  }
}

}  // namespace fingers
