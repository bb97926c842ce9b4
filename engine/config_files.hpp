// Where configs are found: files, standard input, and those that are built into the program.
#pragma once

#include <string>
#include <vector>

#include "engine/config_reader.hpp"

namespace fingers {

/// The texts of configs by their names:
/// - a bare word, without a folder and without ".json", is a built-in config ("baseline"), or else
/// a file;
/// - "-" as the first name is standard input;
/// - anything else is a file; as a base it is sought beside the config that names it. A base that
/// has exactly the name of the built-in base with ".json" and is not there is the built-in one, so
/// that a copy of a config runs from any folder.
/// Adds the path of every file that it reads to `files`, where given.
TextSource config_files(BuiltinTexts builtin, std::vector<std::string>* files = nullptr);

/// The files that hold points of a design, sought beside the config that names them. Adds the path
/// of every file that it reads to `files`, where given.
TextSource points_files(std::vector<std::string>* files = nullptr);

}  // namespace fingers
