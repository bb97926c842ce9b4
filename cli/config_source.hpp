// Where the program finds configs: files, standard input, and those that are built in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/config_reader.hpp"

namespace fingers {

/// What the text of "-" is shown as.
inline constexpr std::string_view kStandardInput = "standard input";

/// The texts of configs by their names:
/// - a bare word, without a folder and without ".json", is a built-in config ("baseline"), or else
/// a file;
/// - "-" on the command line is standard input;
/// - anything else is a file; as a base it is sought beside the config that names it. A base that
/// is called
///   exactly "baseline.json" and is not there is the built-in baseline, so that a copy of a config
///   runs from any folder.
/// Adds the path of every file that it reads to `files`, where given.
TextSource config_source(std::vector<std::string>* files = nullptr);

/// The files that hold points of a design, sought beside the config that names them. Adds the path
/// of every file that it reads to `files`.
TextSource points_source(std::vector<std::string>* files);

}  // namespace fingers
