// One hash over every text of a dataset file: HDF5 has checksums for numbers and for what stands
// where, and none for texts.
#pragma once

#include <optional>
#include <string>

#include "engine/hdf5_handle.hpp"

namespace fingers {

/// SHA-256 over every text of variable length in the file, attributes (but for that which holds
/// this hash) and datasets alike, each with its path, in order of names (docs/data-dictionary.md).
/// Throws Hdf5Error.
std::string texts_sha256(const Handle& file);

/// Writes it into the file's attribute `texts_sha256`; to be called when all else is written.
void write_texts_sha256(const Handle& file);

/// Whether the texts are those that were written; nothing where the file is older and has no hash
/// of them. Throws Hdf5Error.
std::optional<bool> texts_are_whole(const Handle& file);

/// Throws Hdf5Error where they are not.
void expect_whole_texts(const Handle& file);

}  // namespace fingers
