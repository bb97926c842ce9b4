// Tested by tests/engine/config_files_test.cpp and, as the program shows it, by tests/cli.
#include "engine/config_files.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

namespace fingers {

namespace {

namespace fs = std::filesystem;

/// All of an open file, or one byte more than a config may have.
bool read_whole(std::FILE* file, std::string& text) {
  constexpr std::size_t kPiece = 1U << 16U;
  std::size_t n_read = kPiece;
  while (n_read == kPiece && text.size() <= kMaxConfigBytes) {
    const std::size_t before = text.size();
    text.resize(before + kPiece);
    n_read = std::fread(text.data() + before, 1, kPiece, file);
    text.resize(before + n_read);
  }
  return std::ferror(file) == 0;
}

std::string reason(int error) {
  switch (error) {
    case ENOENT:
      return "no such file";
    case EISDIR:
      return "is a folder";
    default:
      return std::string("cannot be read: ") + std::strerror(error);
  }
}

TextAnswer read_standard_input() {
  TextAnswer answer{.text = {}, .path = std::string(kStandardInput), .problem = {}};
  std::string text;
  if (read_whole(stdin, text)) {
    answer.text = std::move(text);
  } else {
    answer.problem = reason(errno);
  }
  return answer;
}

TextAnswer read_file(const fs::path& path) {
  TextAnswer answer{.text = {}, .path = path.lexically_normal().string(), .problem = {}};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  std::string text;
  if (file != nullptr && read_whole(file.get(), text)) {
    answer.text = std::move(text);
  } else {
    answer.problem = reason(errno);
  }
  return answer;
}

TextAnswer built_in(const BuiltinTexts& builtin, const std::string& name) {
  return {.text = std::string(builtin.text(name)), .path = "built-in " + name, .problem = {}};
}

bool is_bare(const std::string& name) {
  return name.find('/') == std::string::npos && !name.ends_with(".json");
}

/// What else the user may have meant by a file that is not there.
std::string hint(const BuiltinTexts& builtin, const fs::path& path, const std::string& name,
                 bool is_base) {
  std::error_code ignored;
  const std::string longer = path.string() + ".json";
  if (is_bare(name) && fs::exists(longer, ignored)) {
    return "; did you mean \"" + name + ".json\"?";
  }
  if (is_bare(name)) {
    return ", and no built-in config (there is \"" + builtin.base + "\")";
  }
  if (path.filename() == builtin.base + ".json") {
    return is_base ? "; \"base\": \"" + builtin.base + "\" takes the one that is built in"
                   : "; \"" + builtin.base + "\" names the one that is built in";
  }
  return {};
}

TextAnswer find_text(const BuiltinTexts& builtin, const std::string& name,
                     const std::string& from) {
  const bool is_base = !from.empty();
  if (!is_base && name == "-") {
    return read_standard_input();
  }
  if (is_bare(name) && !builtin.text(name).empty()) {
    return built_in(builtin, name);
  }
  const fs::path path = is_base ? fs::path(from).parent_path() / name : fs::path(name);
  TextAnswer answer = read_file(path);
  std::error_code error;
  const bool is_missing = !answer.text && !fs::exists(path, error) && !error;
  if (is_missing && is_base && name == builtin.base + ".json") {
    return built_in(builtin, builtin.base);
  }
  if (is_missing) {
    answer.problem += hint(builtin, path, name, is_base);
  }
  return answer;
}

}  // namespace

TextSource points_files(std::vector<std::string>* files) {
  return [files](const std::string& name, const std::string& from) {
    TextAnswer answer = read_file(fs::path(from).parent_path() / name);
    if (files != nullptr && answer.text) {
      files->push_back(answer.path);
    }
    return answer;
  };
}

TextSource config_files(BuiltinTexts builtin, std::vector<std::string>* files) {
  return [builtin = std::move(builtin), files](const std::string& name, const std::string& from) {
    TextAnswer answer = find_text(builtin, name, from);
    if (files != nullptr && answer.text) {
      files->push_back(answer.path);
    }
    return answer;
  };
}

}  // namespace fingers
