// Tested by tests/cli/test_hostile_files.py.
#include "cli/own_file.hpp"

#include <fmt/format.h>

#include "agents/record.hpp"
#include "engine/store.hpp"

namespace fingers {

void refuse_others_files(const std::string& path) {
  const FileSchema schema = read_file_schema(path);
  if (schema.name != kSchemaName) {
    throw InputError(fmt::format(
        "cannot read '{}': it is an HDF5 file of {}, not of \"{}\"", path,
        schema.name.empty() ? "another program (it names no schema)" : '"' + schema.name + '"',
        kSchemaName));
  }
  if (schema.version > kSchemaVersion) {
    throw InputError(
        fmt::format("cannot read '{}': it has schema version {}, and this program knows {}; use a "
                    "program as new as the one that wrote it ({})",
                    path, schema.version, kSchemaVersion,
                    schema.software.empty() ? "it does not say which" : schema.software));
  }
}

}  // namespace fingers
